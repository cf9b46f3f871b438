/** Judges predictions over time: joined with their labels by row key and event time, and summed up by window in DuckDB. */
import { splitColumnOf, toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { OutcomeWindow, OutcomeWindowsRequest, ValueFiles } from "@/lib/domain/outcomes/outcomes";
import { EVENT_TIME, keyName } from "./frame";
import { checkPairs, finite, sumUpPairs } from "./evaluation/outcome-figures";
import { type FileRows, outcomeIdentity, type OutcomeRows, readLabels, storeRows } from "./outcome-rows";
import { quoteName } from "./quote";
import { hashCondition, interval } from "./row-selection";
import type { Session } from "./session";

const TIME = quoteName(EVENT_TIME);

/** See `Engine.measureOutcomes`. */
export async function measureOutcomes(session: Session, request: OutcomeWindowsRequest): Promise<OutcomeWindow[]> {
  const { entity, predictions, labels, parts, range, task, window } = request;
  if (entity.eventTime === undefined)
    throw new DomainError(
      "invalid",
      `Rows of ${entity.name} have no event time, so their predictions belong to no window. Give the entity an eventTime.`,
    );
  const files = [...predictions, ...labels].flatMap((one) => one.files);
  if (predictions.length === 0 || files.length === 0) return [];
  await session.confine(files, [session.scratch]);
  const wanted: OutcomeRows = {
    entity,
    window: range,
    bucketKey: parts && parts.policy.type !== "time" ? splitColumnOf(parts.policy) : null,
  };
  const left = await store(session, "predictions", predictions, wanted, "the predictions");
  const right = await store(session, "outcomes", labels, wanted, "the label");
  const same = outcomeIdentity(wanted)
    .map((name) => `l.${name} IS NOT DISTINCT FROM r.${name}`)
    .join(" AND ");
  const time = `coalesce(l.${TIME}, r.${TIME})`;
  const group = window === null ? "0" : `CAST(epoch_ms(CAST(date_trunc('${window}', ${time}) AS TIMESTAMP)) AS DOUBLE)`;
  await session.run(
    `CREATE TABLE pairs AS SELECT ${group} AS grp, ${finite("l.value")} AS p, ${finite("r.value")} AS y FROM ${rowsOf(request, left)} l FULL JOIN ${rowsOf(request, right)} r ON ${same} WHERE ${time} IS NOT NULL`,
  );
  await checkPairs(session, task, labels[0]?.column ?? "", () => "this model");
  const figures = await sumUpPairs(session, task);
  return [...figures]
    .filter(([, { n, missingLabels }]) => n + missingLabels > 0)
    .sort(([one], [other]) => one - other)
    .map(([start, found]) => ({ from: window === null ? null : new Date(start).toISOString(), ...found }));
}

interface Stored {
  table: string;
  assigned: boolean;
}

/** One row for each identity, the last one's; none at all is an empty table. */
async function store(
  session: Session,
  name: string,
  all: readonly ValueFiles[],
  wanted: OutcomeRows,
  asker: string,
): Promise<Stored> {
  const stored: Stored[] = [];
  for (const [at, one] of all.entries()) {
    if (one.files.length === 0) continue;
    const rows: FileRows = await readLabels(session, wanted, one, asker);
    stored.push(await storeRows(session, `${name} ${at}`, rows, wanted, asker));
  }
  const identity = outcomeIdentity(wanted);
  const [only, ...others] = stored;
  if (only && others.length === 0) return only;
  const table = quoteName(name);
  const union = stored.map(
    (part, at) =>
      `SELECT ${identity.join(", ")}, value, ${part.assigned ? "bucket_key" : "NULL AS bucket_key"}, ${at} AS part FROM ${part.table}`,
  );
  const none = `SELECT ${wanted.entity.joinKeys.map((_, at) => `NULL AS ${quoteName(keyName(at))}`).join(", ")}, CAST(NULL AS TIMESTAMP) AS ${TIME}, CAST(NULL AS DOUBLE) AS value, NULL AS bucket_key WHERE false`;
  await session.run(
    only
      ? `CREATE TABLE ${table} AS SELECT * FROM (${union.join(" UNION ALL ")}) QUALIFY row_number() OVER (PARTITION BY ${identity.join(", ")} ORDER BY part DESC) = 1`
      : `CREATE TABLE ${table} AS ${none}`,
  );
  return { table, assigned: stored.some(({ assigned }) => assigned) };
}

/** The stored rows, or those of them that belong to the wanted parts. */
function rowsOf({ parts: wanted, entity }: OutcomeWindowsRequest, { table, assigned }: Stored): string {
  if (wanted === null) return table;
  const { policy, parts } = wanted;
  const rule = toSplitRule(policy);
  if (rule.by === "time") {
    const ranges = parts.map((part) => interval(rule.parts[part] ?? [null, null]));
    return `(SELECT * FROM ${table} WHERE ${ranges.length === 0 ? "false" : ranges.join(" OR ")})`;
  }
  if (rule.by === "assignment")
    throw new DomainError(
      "invalid",
      `Split policy ${policy.name} assigns rows of ${rule.source} one by one, so the rows that the model was evaluated on cannot be told from its predictions. Give the monitor a reference window.`,
    );
  const at = entity.joinKeys.findIndex((key) => key.name === rule.key);
  if (at < 0 && !assigned)
    throw new DomainError(
      "invalid",
      `Split policy ${policy.name} goes by ${rule.key}, which is no join key of ${entity.name} and no column beside its values, so the rows that the model was evaluated on cannot be told. Give the monitor a reference window.`,
    );
  return `(SELECT * FROM ${table} WHERE ${hashCondition(rule, parts, at < 0 ? "bucket_key" : quoteName(keyName(at)))})`;
}
