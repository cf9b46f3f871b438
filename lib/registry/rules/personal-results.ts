import type { Prisma, Transaction } from "@/lib/db/client";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import { PERSONAL } from "../access/personal-values";

/** Members of a result that name values. */
const VALUES = [
  "partial_unexpected_list",
  "partial_unexpected_counts",
  "unexpected_list",
  "partial_unexpected_index_list",
];
const HIDDEN = "hidden";

/**
 * Results without the values of columns that are about persons: what a check found is read by many, and by more later, so that it is
 * neither kept nor shown with them. How many values were not as expected stays, and so do figures.
 */
export async function withholdResults(
  db: Prisma | Transaction,
  workspaceId: string,
  dataset: string,
  results: readonly RuleResult[],
): Promise<RuleResult[]> {
  const source = await db.source.findUnique({
    where: { workspaceId_name: { workspaceId, name: dataset } },
    select: { entity: true },
  });
  const entity = source?.entity ?? dataset.split("@")[0] ?? "";
  const features = await db.feature.findMany({
    where: { workspaceId, sensitivity: { in: PERSONAL } },
    select: { name: true },
  });
  const personal = new Set(
    features.flatMap(({ name }) => (name.startsWith(`${entity}.`) ? [name, name.slice(entity.length + 1)] : [name])),
  );
  return results.map((result) => (isAbout(result, personal) ? withoutValues(result) : result));
}

function isAbout(
  { feature, expectation_config: { type, kwargs } }: RuleResult,
  personal: ReadonlySet<string>,
): boolean {
  // What it finds is masked.
  if (type === "values_to_hold_no_personal_data") return false;
  const named = Object.values(kwargs).flat();
  return (feature !== undefined && personal.has(feature)) || named.some((one) => typeof one === "string" && personal.has(one)); // prettier-ignore
}

function withoutValues(result: RuleResult): RuleResult {
  const kept = Object.entries(result.result).filter(([member]) => !VALUES.includes(member) && member !== "details");
  const { observed_value: observed, ...rest } = Object.fromEntries(kept);
  const named = observed !== undefined && observed !== null && typeof observed !== "number";
  return {
    ...result,
    result: { ...rest, ...(observed !== undefined && { observed_value: named ? HIDDEN : observed }) },
  };
}
