/** Predictions that were answered, on their way to the model's log, from where concept monitors compare them with what came true. */
import { log } from "@/lib/config/log";
import { MOST_LOGGED } from "@/lib/contracts/outcomes";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { normalInstant } from "@/lib/domain/instant";
import { SYSTEM } from "@/lib/domain/principal";
import type { ScoredRows, ScoringPlan } from "@/lib/domain/runs/scoring-plan";
import { logPredictions } from "@/lib/registry/monitors/logged-outcomes";
import type { ServedModel } from "@/lib/registry/serving/served-model";

/** A prediction is in the log this long after its answer, at the latest when the database can. */
const FLUSH_MS = 1000;

type Logged = Parameters<typeof logPredictions>[2]["predictions"][number];

/**
 * Keeps answers waiting for nothing: predictions are written a moment later, all of a model at once. What does not fit any more is
 * counted and said in the server's log; what waits is lost with the process.
 */
export class PredictionLog {
  /** Workspace and model → key and time → prediction: the newest of a row counts. */
  private waiting = new Map<string, Map<string, Logged>>();
  private dropped = 0;
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();

  constructor(private readonly write: typeof logPredictions = logPredictions) {}

  add(workspace: string, model: string, predictions: readonly Logged[]): void {
    const name = JSON.stringify([workspace, model]);
    const own = this.waiting.get(name) ?? new Map<string, Logged>();
    this.waiting.set(name, own);
    for (const one of predictions) {
      const row = canonicalJson([one.key, one.at]);
      if (own.size < MOST_LOGGED || own.has(row)) own.set(row, one);
      else this.dropped += 1;
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { waiting, dropped } = this;
    this.waiting = new Map();
    this.dropped = 0;
    if (dropped > 0) log().warn({ dropped }, "predictions were not logged: more came than can be written");
    this.flushing = this.flushing.then(async () => {
      for (const [name, rows] of waiting) {
        const [workspace, model] = JSON.parse(name) as [string, string];
        await this.write(SYSTEM, model, { workspace, predictions: [...rows.values()] }).catch((error: unknown) =>
          log().error({ err: error, workspace, model, rows: rows.size }, "predictions could not be logged"),
        );
      }
    });
    return this.flushing;
  }
}

/** That of this process. */
export const predictionLog = new PredictionLog();

interface Scored {
  /** Name → values, as the request gives them. */
  given: ReadonlyMap<string, readonly unknown[]>;
  plan: ScoringPlan;
  rows: ScoredRows;
}

/** Logs the rows that say which they are: those that give every join key and the event time, and have a finite prediction. */
export function logScored(
  to: Pick<PredictionLog, "add">,
  workspace: string,
  { model, version, entity, stage }: Pick<ServedModel, "model" | "version" | "entity" | "stage">,
  { given, plan, rows }: Scored,
): void {
  const { joinKeys, eventTime } = entity;
  const times = eventTime === undefined ? undefined : given.get(eventTime);
  const keys = joinKeys.map(({ name }) => ({ name, values: given.get(name) }));
  const written = new Set(stage.outputs.map(({ column }) => column));
  const values = rows.outputs[plan.outputs.findIndex(({ column, type }) => type === "double" && written.has(column))];
  if (!times || !values || keys.some((key) => key.values === undefined)) return;
  const predictions = values.flatMap((prediction, row): Logged[] => {
    const time = times[row];
    const at = typeof time === "string" ? normalInstant(time) : null;
    const own = keys.map(({ name, values: of }) => [name, keyOf(of?.[row])] as const);
    if (typeof prediction !== "number" || !Number.isFinite(prediction) || at === null) return [];
    if (own.some(([, value]) => value === null)) return [];
    return [{ key: Object.fromEntries(own) as Logged["key"], at, prediction, modelVersion: version }];
  });
  if (predictions.length > 0) to.add(workspace, model, predictions);
}

function keyOf(value: unknown): Logged["key"][string] | null {
  if (typeof value === "bigint") return String(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
