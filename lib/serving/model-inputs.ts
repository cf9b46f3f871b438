import type { ModelInputs } from "@/lib/contracts/serving-predictions";
import { DomainError } from "@/lib/domain/errors";
import { scoringChain } from "@/lib/domain/plans/scoring-chain";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "@/lib/registry/scope";
import { keptColumns, keysTo } from "./kept-columns";
import { servedModel } from "./served-models";
import { servingStates } from "./serving-states";

/** What a prediction needs. Throws `not_found` for a model or version that is not there, `conflict` for one that nothing here can score with. */
export async function modelInputs(
  principal: Principal,
  name: string,
  { workspace, version }: { workspace: string; version?: number | undefined },
): Promise<ModelInputs> {
  await openScopeFor(principal, workspace, "workspace:read");
  const state = (await servingStates.current()).get(workspace);
  const names = state?.models.get(name);
  const numbers = [...(names?.versions.keys() ?? [])].sort((one, other) => one - other);
  const number = version ?? names?.aliases.production ?? names?.aliases.staging ?? numbers.at(-1);
  const versionId = number === undefined ? undefined : names?.versions.get(number);
  if (!state || number === undefined || versionId === undefined)
    throw new DomainError(
      "not_found",
      `There is no version${version === undefined ? "" : ` ${version}`} of model \`${name}\` in ${workspace}.${numbers.length > 0 ? ` It has version ${numbers.slice(-20).join(", ")}.` : ""}`,
    );
  const { world, entity, outputs, rules } = await servedModel(state, versionId);
  const kept = keptColumns(state, "production");
  const { missing } = scoringChain(world, entity, outputs, { ...rules, sourceOf: () => null });
  return {
    version: number,
    entity: entity.name,
    columns: missing.map((column) => ({
      name: column.name,
      column: column.column,
      type: column.type,
      keys: kept.has(column.column) ? keysTo(column, entity) : null,
    })),
  };
}
