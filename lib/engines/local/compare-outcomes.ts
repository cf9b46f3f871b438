/**
 * Judges arms of an A/B test: every arm's rows are chosen by a hash, joined with their labels by row key and summed up in
 * DuckDB. What leaves it is a handful of figures for each arm.
 */
import { DomainError } from "@/lib/domain/errors";
import type { ArmOutcomes, OutcomeRequest } from "@/lib/domain/outcomes/outcomes";
import { keyName } from "./frame";
import { checkPairs, finite, noFigures, sumUpPairs } from "./evaluation/outcome-figures";
import { outcomeIdentity, type OutcomeRows, readLabels, readOutput, storeRows } from "./outcome-rows";
import { quoteName } from "./quote";
import { hashCondition } from "./row-selection";
import type { Session } from "./session";

/** See `Engine.compareOutcomes`. */
export async function compareOutcomes(session: Session, request: OutcomeRequest): Promise<ArmOutcomes[]> {
  checkRequest(request);
  const { arms, label, task } = request;
  const wanted: OutcomeRows = { entity: request.entity, window: request.window, bucketKey: request.policy.key };
  await session.confine(
    [label, ...arms].flatMap(({ files }) => files),
    [session.scratch],
  );
  const rows = await storeRows(session, "labels", await readLabels(session, wanted, label), wanted, "label");
  const pairs: string[] = [];
  for (const [i, arm] of arms.entries()) {
    const predictions = await storeRows(
      session,
      `arm ${i}`,
      await readOutput(session, wanted, arm, `arm ${arm.name}`),
      wanted,
      `arm ${arm.name}`,
    );
    pairs.push(pairsOf(request, i, rows, predictions));
  }
  await session.run(`CREATE TABLE pairs AS ${pairs.join(" UNION ALL ")}`);
  await checkPairs(session, task, label.column, (arm) => `arm ${arms[arm]?.name}`);
  const figures = await sumUpPairs(session, task);
  return arms.map(({ name }, arm) => ({ name, ...(figures.get(arm) ?? noFigures(task)) }));
}

function checkRequest({ policy, arms }: OutcomeRequest): void {
  for (const { name, parts, files } of arms) {
    const unknown = parts.filter((part) => !Object.hasOwn(policy.parts, part));
    if (unknown.length > 0)
      throw new DomainError(
        "invalid",
        `Arm ${name} is judged on part ${unknown.join(", ")} of split policy ${policy.name}, which only has ${Object.keys(policy.parts).join(", ")}.`,
      );
    if (files.length === 0)
      throw new DomainError("invalid", `Arm ${name} has no predictions yet. Wait for its first run.`);
  }
}

/** SELECT of an arm's `grp`, `p` and `y`; null stands for what is absent. */
function pairsOf(
  request: OutcomeRequest,
  arm: number,
  labels: { table: string; assigned: boolean },
  predictions: { table: string },
): string {
  const { entity, policy, arms } = request;
  const parts = arms[arm]?.parts ?? [];
  const index = entity.joinKeys.findIndex((key) => key.name === policy.key);
  if (index < 0 && !labels.assigned)
    throw new DomainError(
      "invalid",
      `Split policy ${policy.name} goes by ${policy.key}, which is no join key of ${entity.name} and no column beside the label. Choose a policy by ${entity.joinKeys.map((key) => key.name).join(" or ")}.`,
    );
  const condition = hashCondition(policy, parts, index < 0 ? "bucket_key" : quoteName(keyName(index)));
  const same = outcomeIdentity(request)
    .map((name) => `l.${name} IS NOT DISTINCT FROM r.${name}`)
    .join(" AND ");
  const right = index < 0 ? predictions.table : `(SELECT * FROM ${predictions.table} WHERE ${condition})`;
  return `SELECT ${arm} AS grp, ${finite("r.value")} AS p, ${finite("l.value")} AS y FROM (SELECT * FROM ${labels.table} WHERE ${condition}) l ${index < 0 ? "LEFT" : "FULL"} JOIN ${right} r ON ${same}`;
}
