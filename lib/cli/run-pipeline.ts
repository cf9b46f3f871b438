import { setTimeout as sleep } from "node:timers/promises";
import { parse as parseYaml } from "yaml";
import type { Run, RunLogLine } from "@/lib/contracts/runs";
import { DomainError } from "@/lib/domain/errors";
import { describeTrial } from "@/lib/domain/plans/trials";
import { hasEnded } from "@/lib/domain/runs/run-states";
import { type Arguments, UsageError } from "./arguments";
import { paintFor } from "./print-plan";
import { type Call, connect } from "./spec-registry";

const LOOK_EVERY_MS = 1000;

/** Runs a pipeline on the server and prints its log until it has ended. Answers 0 only for a run that succeeded. */
export async function runPipeline({
  words: [pipeline],
  workspace,
  variant,
  engine,
  pins,
  search,
  versionAsOf,
  timestampAsOf,
  json,
  ...options
}: Arguments): Promise<number> {
  const tried = search === undefined ? {} : { search: readSearch(search) };
  const { call, close } = await connect(options);
  try {
    if (!call)
      throw new DomainError(
        "unavailable",
        "A run is computed by a server. Start one with npm start, or name one with --server.",
      );
    const started = await call<Run>("POST", "/api/v1/runs", {
      workspace,
      pipeline,
      ...(variant !== undefined && { variant }),
      ...(engine !== undefined && { engine }),
      ...(Object.keys(pins).length > 0 && { pins }),
      ...tried,
      ...(Object.keys(versionAsOf).length > 0 && { versionAsOf }),
      ...(timestampAsOf !== undefined && { timestampAsOf }),
    });
    if (!json) console.log(`Run ${started.number}: ${started.title}`);
    const ended = await follow(call, started, json ? () => undefined : printLine());
    console.log(json ? JSON.stringify(ended, null, 2) : summary(ended));
    return ended.state === "succeeded" ? 0 : 1;
  } finally {
    await close();
  }
}

/** What the server is asked to try: it says what is wrong with it. Throws UsageError for what cannot be read. */
function readSearch(text: string): unknown {
  if (text === "none") return null;
  try {
    return parseYaml(text);
  } catch (error) {
    throw new UsageError(`--search must be YAML or JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Waits for the end of the run; each line of its log is handed over once. */
async function follow(call: Call, { id }: Run, print: (line: RunLogLine) => void): Promise<Run> {
  let cursor = "";
  for (;;) {
    // The run first: what is logged until its end is read after it.
    const run = await call<Run>("GET", `/api/v1/runs/${id}`);
    for (;;) {
      const { items } = await call<{ items: RunLogLine[] }>(
        "GET",
        `/api/v1/runs/${id}/logs${cursor && `?cursor=${cursor}`}`,
      );
      items.forEach(print);
      const last = items.at(-1);
      if (!last) break;
      cursor = last.id;
    }
    if (hasEnded(run.state)) return run;
    await sleep(LOOK_EVERY_MS);
  }
}

function printLine(): (line: RunLogLine) => void {
  const paint = paintFor(process.stdout);
  return ({ at, level, message }) => {
    const mark = level === "error" ? paint("error ", "red") : level === "warn" ? paint("warning ", "yellow") : "";
    console.log(`${paint(at.slice(11, 19), "dim")} ${mark}${message}`);
  };
}

function summary({ number, state, rows, stages, reused, error, metrics, search }: Run): string {
  if (state !== "succeeded") return `Run ${number} ${state}${error ? `: ${error.message}` : "."}`;
  const judged = Object.entries(metrics ?? {}).map(
    ([part, figures]) =>
      `  ${part}: ${Object.entries(figures)
        .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
        .join(", ")}`,
  );
  return [
    `Run ${number} succeeded: ${(rows ?? 0).toLocaleString("en")} rows, ${stages} stages, ${reused} of them used again.`,
    ...judged,
    ...(search ? [trialInWords(search)] : []),
  ].join("\n");
}

function trialInWords({ metric, trials, chosen }: NonNullable<Run["search"]>): string {
  const best = trials.find(({ number }) => number === chosen);
  return `  chosen of ${trials.length} trials by ${metric} ${Number((best?.score ?? NaN).toPrecision(4))}: ${describeTrial(best?.params ?? {})}`;
}
