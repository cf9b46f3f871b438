/** Rows of an entity as its sources hold them. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Assignment } from "@/lib/domain/definitions/split-rule";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import {
  EVENT_TIME,
  type Frame,
  type FrameColumn,
  columnKey,
  firstLine,
  identityOf,
  keyName,
  keysOf,
  newFrame,
  valueSql,
} from "./frame";
import { SQL_TYPES, quoteName } from "./quote";
import { partKey } from "./row-selection";
import type { Session } from "./session";
import { digestOfAssignment, type PartColumn, rowKeyColumns, withParts } from "./assign-rows";
import { openSource } from "./open-source";

export const FINITE: ReadonlySet<ColumnType> = new Set(["boolean", "bigint", "string", "date", "timestamp", "strings"]);

type Source = VariantPlan["sources"][number];
type Fresh = (hint: string) => string;

/**
 * A frame of one source with the bare `columns` that it declares. Rows that are only to be `counted`, and joined to nothing,
 * are left in their file, and their keys need not tell them apart.
 */
export async function readSource(
  session: Session,
  fresh: Fresh,
  entity: EntityDefinition,
  { definition, snapshot }: Source,
  timed: boolean,
  columns: Iterable<string>,
  { counted = false, parts }: { counted?: boolean; parts?: ReadonlyMap<string, Assignment> | undefined } = {},
): Promise<Frame> {
  const opened = await openSource(
    session,
    definition,
    snapshot.files.map((file) => file.path),
  );
  const expression = (name: string, role: string) => {
    const column = definition.columns.find((candidate) => candidate.name === name);
    if (!column)
      throw new DomainError(
        "invalid",
        `Source ${definition.name} has no column ${name}, which is the ${role} of ${entity.name}.`,
      );
    return opened.expression(name);
  };
  const names: string[] = [];
  const select: string[] = [];
  const found = new Map<string, FrameColumn>();
  const add = (name: string, sql: string) => {
    names.push(name);
    select.push(`${sql} AS ${quoteName(name)}`);
  };
  entity.joinKeys.forEach((key, i) =>
    add(keyName(i), `CAST(${expression(key.name, "join key")} AS ${SQL_TYPES[key.type]})`),
  );
  if (timed && definition.timeColumn)
    add(EVENT_TIME, `CAST(${expression(definition.timeColumn, "event time")} AS TIMESTAMP)`);

  for (const name of columns) {
    const column = definition.columns.find((candidate) => candidate.name === name);
    if (!column) continue;
    const key = entity.joinKeys.findIndex((candidate) => candidate.name === name && candidate.type === column.type);
    const isTime = timed && name === definition.timeColumn && column.type === "timestamp";
    // A key or the event time is there already; a second copy would only cost memory.
    const physical = key >= 0 ? keyName(key) : isTime ? EVENT_TIME : fresh(name);
    if (key < 0 && !isTime) add(physical, opened.expression(name));
    found.set(columnKey(`${entity.name}.${name}`, null), {
      type: column.type,
      physical: { kind: column.type === "vector" ? "list" : "scalar", name: physical },
      finite: FINITE.has(column.type),
    });
  }

  const relation = quoteName(fresh(`source ${definition.name}`));
  const assigned = [...(parts ?? [])].map(([policy, { file }]): PartColumn => {
    const part = { file, name: fresh("part") };
    names.push(part.name);
    found.set(partKey(entity.name, policy), {
      type: "string",
      physical: { kind: "scalar", name: part.name },
      finite: true,
    });
    return part;
  });
  if (assigned.length > 0) select.push(...rowKeyColumns(opened));
  const query = withParts(`SELECT ${select.join(", ")} FROM ${opened.relation}`, definition, assigned);
  // Text is parsed once; Parquet is read as fast as a table.
  const stored = opened.isText || assigned.length > 0 || (!timed && !counted);
  try {
    await session.run(`CREATE ${stored ? "TABLE" : "VIEW"} ${relation} AS ${query}`);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("invalid", `Source ${definition.name} cannot be read as declared: ${firstLine(error)}`);
  }
  for (const [policy, assignment] of parts ?? []) {
    const part = found.get(partKey(entity.name, policy));
    if (part) await assertAssigned(session, definition, relation, policy, assignment, valueSql(part));
  }
  const frame = { ...newFrame(entity, relation, timed, names, found), stored };
  if (!timed && !counted)
    await assertUniqueKeys(session, frame, `source ${definition.name}, which has no time column,`);
  return frame;
}

/**
 * Throws `conflict` when the assignment is not what was recorded, or a row of the source is in no part of it.
 * @param part SQL of a row's part over the relation
 */
async function assertAssigned(
  session: Session,
  { name: source, rowKey }: SourceDefinition,
  relation: string,
  policy: string,
  { file, digest }: Assignment,
  part: string,
): Promise<void> {
  const found = await digestOfAssignment(session, file, rowKey.length);
  if (found.digest !== digest)
    throw new DomainError(
      "conflict",
      `The assignment of ${source} by split policy ${policy} is not what was recorded: ${file} has digest ${found.digest.slice(0, 12)}, not ${digest.slice(0, 12)}. Remove the file; the next run makes it anew.`,
      { expected: digest, found: found.digest },
    );
  const { n } = await session.row<{ n: number }>(
    `SELECT CAST(count(*) AS DOUBLE) AS n FROM ${relation} WHERE ${part} IS NULL`,
  );
  if (n > 0)
    throw new DomainError(
      "conflict",
      `${n} rows of ${source} are in no part of split policy ${policy}: the assignment ${file} was made of other rows. Remove the file; the next run makes it anew.`,
    );
}

/** Throws `invalid` when two rows have the same keys and event time; `what` gave them. */
export async function assertUniqueKeys(session: Session, frame: Frame, what: string): Promise<void> {
  const identity = identityOf(frame).join(", ");
  const [twice] = await session.rows<{ key: string; n: number }>(
    `SELECT CAST((${keysOf(frame)[0]}) AS VARCHAR) AS key, count(*) AS n FROM ${frame.relation} GROUP BY ${identity} HAVING count(*) > 1 ORDER BY 1 LIMIT 1`,
  );
  if (twice) {
    throw new DomainError(
      "invalid",
      `A row of ${frame.entity.name} is identified by ${frame.entity.joinKeys.map((key) => key.name).join(", ")}${frame.timed ? ` and ${frame.entity.eventTime}` : ""}, and ${what} has ${twice.n} rows for ${twice.key}. Make it one.`,
      {
        expected: "one row",
        found: `${twice.n} rows for ${twice.key}`,
      },
    );
  }
}

/** Whether two relations of one entity hold the same keys and event times, each once. */
export async function haveSameRows(session: Session, one: Frame, other: Frame): Promise<boolean> {
  if (one.timed !== other.timed) return false;
  const { ones, others } = await session.row<{ ones: number; others: number }>(
    `SELECT (SELECT count(*) FROM ${one.relation}) AS ones, (SELECT count(*) FROM ${other.relation}) AS others`,
  );
  if (ones !== others) return false;
  const { n } = await session.row<{ n: number }>(
    `SELECT count(*) AS n FROM ${one.relation} f JOIN ${other.relation} s ON ${sameRow(one)}`,
  );
  return n === ones;
}

/** Condition that `f` and `s` are the same row of a frame's entity. */
export function sameRow(frame: Frame): string {
  return identityOf(frame)
    .map((name) => `f.${name} IS NOT DISTINCT FROM s.${name}`)
    .join(" AND ");
}

/** Rows of both frames, each once, with the columns that they hold for those rows. */
export async function joinRows(session: Session, fresh: Fresh, left: Frame, right: Frame): Promise<Frame> {
  const identity = identityOf(left);
  const columns = new Map([...ownColumns(left), ...ownColumns(right)]);
  const reserved = new Set(identity);
  const values = (frame: Frame, alias: string) => {
    const wanted = new Set(
      [...ownColumns(frame).values()].flatMap(({ physical }) =>
        physical.kind === "components" ? physical.names : [physical.name],
      ),
    );
    return frame.names
      .filter((name) => wanted.has(name) && !reserved.has(quoteName(name)))
      .map((name) => ({ name, sql: `${alias}.${quoteName(name)}` }));
  };
  const added = [...values(left, "f"), ...values(right, "s")];
  const select = [
    ...identity.map((name) => `coalesce(f.${name}, s.${name}) AS ${name}`),
    ...added.map(({ sql }) => sql),
  ];
  const relation = quoteName(fresh(`rows of ${left.entity.name}`));
  await session.run(
    `CREATE TABLE ${relation} AS SELECT ${select.join(", ")} FROM ${left.relation} f FULL JOIN ${right.relation} s ON ${sameRow(left)}`,
  );
  const names = [...identity.map((name) => name.slice(1, -1)), ...added.map(({ name }) => name)];
  return { ...newFrame(left.entity, relation, left.timed, names, columns), statics: left.statics };
}

/** Columns that belong to a row by its keys and event time: not what was looked up for it elsewhere. */
function ownColumns(frame: Frame): Map<string, FrameColumn> {
  return new Map([...frame.columns].filter(([key]) => key.split("|").length === 2 && !frame.statics?.columns.has(key)));
}
