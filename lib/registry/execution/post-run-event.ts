import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import type { Transaction } from "@/lib/db/client";
import type { OpenLineageEvent } from "@/lib/domain/openlineage/run-events";
import { openLineageEventsOf } from "../runs/openlineage";
import { postMessage } from "@/lib/db/outbox";

/** Where an OpenLineage receiver listens when only its server is named. */
const ENDPOINT = "/api/v1/lineage";

/**
 * Writes the newest event of a run to the outbox, when somebody wants to have it, in the transaction in which it happened: the start of the
 * first attempt, or the end. A run is not to suffer from a report about it: an event that cannot be made is logged and left out.
 */
export async function postRunEvent(
  tx: Transaction,
  run: { id: string; workspaceId: string; number: number },
  at: "start" | "end",
): Promise<void> {
  const { OPENLINEAGE_URL } = environment();
  if (!OPENLINEAGE_URL) return;
  let event: OpenLineageEvent | undefined;
  try {
    const events = await openLineageEventsOf(tx, run.id);
    event = at === "start" ? events[0] : events[1];
  } catch (error) {
    log().error({ err: error, run: run.id }, "the OpenLineage event of a run could not be made");
  }
  if (!event) return;
  await postMessage(tx, {
    workspaceId: run.workspaceId,
    channel: "openlineage",
    target: targetOf(OPENLINEAGE_URL),
    object: `run/${run.number}`,
    payload: event,
  });
}

function targetOf(address: string): string {
  const url = new URL(address);
  if (url.pathname === "/") url.pathname = ENDPOINT;
  return url.href;
}
