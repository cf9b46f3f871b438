import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";

/** What a run needs to know of the engine before anything runs. */
export interface Support {
  unsupported(stages: StageDefinition[]): { stage: string; operator: string; reason: string }[];
}

/** Throws `unsupported`, naming each stage that the engine cannot run. */
export function assertSupported(engine: Support, stages: StageDefinition[]): void {
  const refused = engine.unsupported(stages);
  if (refused.length === 0) return;
  throw new DomainError(
    "unsupported",
    `The engine cannot run ${refused.map((one) => `${one.stage} (${one.operator}): ${one.reason}`).join("; ")}`,
    { issues: refused.map((one) => ({ path: ["pipeline", one.stage], message: one.reason, found: one.operator })) },
  );
}
