import type { PlanPreview } from "@/lib/contracts/plans";
import { type EngineName, OWN_ENGINE } from "@/lib/domain/definitions/engine-name";

export interface EngineOption {
  name: EngineName;
  /** Why a variant cannot run on it; null when it can. */
  whyNot: string | null;
}

/** What each engine says of a variant's stages; the local one alone where nobody asked. */
export function engineOptions(
  engines: PlanPreview["engines"] = [{ name: OWN_ENGINE, whyNot: null, unsupported: [] }],
  stages: readonly string[],
): EngineOption[] {
  return engines.map(({ name, whyNot, unsupported }) => {
    const refused = unsupported.filter(({ stage }) => stages.includes(stage));
    return {
      name,
      whyNot: whyNot ?? (refused.length === 0 ? null : refused.map(({ stage, reason }) => `${stage}: ${reason}`).join(" ")), // prettier-ignore
    };
  });
}
