import type { VariantResult } from "./variant-result";

export interface RunControl {
  signal: AbortSignal;
  /** `done` and `total` in steps; called at every stage and often enough inside long ones. */
  progress(update: { done: number; total: number; instance: string | null; message: string }): void;
  log(level: "info" | "warn" | "error", message: string): void;
  /** Told of every stage when it has run. */
  stage?(done: VariantResult["stages"][number]): void;
}
