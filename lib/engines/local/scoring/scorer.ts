/** Models that a process has ready: each is prepared once, and those that nobody asked for longest make room. */
import type { ScoredRows, ScoringRequest } from "@/lib/domain/runs/scoring-plan";
import type { SessionOptions } from "../session";
import { CompiledModel } from "./compiled-model";

/** Each is a small database of its own. */
const MOST_READY = 16;
/** Rows are few and requests many: what more threads would gain they lose by being started. */
const THREADS = 1;

const ready = new Map<string, Promise<CompiledModel>>();

/** See `Engine.scoreRows`. Rejects with `unsupported` for a model whose rows cannot be scored one by one, and with what its stages refuse. */
export async function scoreRows(
  options: SessionOptions,
  { key, plan, values }: ScoringRequest,
): Promise<ScoredRows | null> {
  let model = ready.get(key);
  if (!model) {
    if (plan === null) return null;
    model = CompiledModel.compile({ ...options, threads: THREADS }, plan);
    ready.set(key, model);
    model.catch(() => ready.delete(key));
    for (const [oldest, one] of ready) {
      if (ready.size <= MOST_READY) break;
      ready.delete(oldest);
      void one.then((unused) => unused.close()).catch(() => undefined);
    }
  } else {
    ready.delete(key);
    ready.set(key, model);
  }
  return (await model).score(values);
}
