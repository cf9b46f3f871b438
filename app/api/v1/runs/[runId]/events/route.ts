import { watchRun } from "@/lib/contracts/runs";
import { hasEnded } from "@/lib/domain/runs/run-states";
import { stream } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import type { Principal } from "@/lib/domain/principal";
import { getRun, runRevision } from "@/lib/registry/runs/runs";

const POLL_MS = 700;
/** Proxies close a stream that says nothing for long. */
const COMMENT_EVERY_MS = 15_000;

export const GET = route(watchRun, async ({ principal, params, request }) => {
  const first = await getRun(principal, params.runId);
  return stream(snapshots(principal, params.runId, JSON.stringify(first), request.signal), {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Nginx would collect the events until its buffer is full.
    "x-accel-buffering": "no",
  });
});

/** `snapshot` events now and at every change until the run has ended, then `end`. */
async function* snapshots(
  principal: Principal,
  runId: string,
  first: string,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  yield `retry: 2000\nevent: snapshot\ndata: ${first}\n\n`;
  let seen = 0;
  let spokenAt = performance.now();
  while (!signal.aborted) {
    const revision = await runRevision(runId);
    if (!revision) return;
    if (revision.updatedAt.getTime() !== seen) {
      seen = revision.updatedAt.getTime();
      spokenAt = performance.now();
      yield `event: snapshot\ndata: ${JSON.stringify(await getRun(principal, runId))}\n\n`;
    }
    if (hasEnded(revision.state)) {
      yield "event: end\ndata: {}\n\n";
      return;
    }
    if (performance.now() - spokenAt > COMMENT_EVERY_MS) {
      spokenAt = performance.now();
      yield ": still here\n\n";
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
