/** Runs `sql` stages: columns for every row, or an aggregation that makes rows of another entity. */
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import { declaredValue, fitsType } from "./column-fit";
import { EVENT_TIME, type Frame, type FrameColumn, columnKey, firstLine, keyName, valueSql } from "./frame";
import type { Frames } from "./frames";
import { stageError } from "./operators/local-operator";
import { readColumns } from "./plan-uses";
import { inCalendar, SQL_TYPES, quoteName } from "./quote";
import { type SelectStatement, over, parseSelect } from "./select-statement";
import type { Session } from "./session";

const TIME = quoteName(EVENT_TIME);

/** Names that a statement sees: keys and event time, own inputs bare, other entities' inputs in full. */
interface Visible {
  name: string;
  sql: string;
}

export async function runSqlStage(
  session: Session,
  frames: Frames,
  instance: EngineInstance,
  control: RunControl,
): Promise<number | null> {
  const { stage } = instance;
  const reader = await frames.readBy(instance);
  const visible: Visible[] = [];
  const see = (name: string, sql: string) => {
    if (!visible.some((other) => other.name === name)) visible.push({ name, sql });
  };
  for (const column of readColumns(instance)) {
    const found = await frames.resolve(reader, column, instance.inputs[column] ?? null, instance);
    const [owner, bare] = splitColumn(column);
    see(owner === reader.entity.name ? bare : column, valueSql(found));
  }
  reader.entity.joinKeys.forEach((key, i) => see(key.name, quoteName(keyName(i))));
  if (reader.timed && reader.entity.eventTime) see(reader.entity.eventTime, TIME);

  const statement = await parseSelect(
    stage.name,
    String(stage.params?.statement ?? ""),
    visible.map(({ name }) => name),
  );
  const declared = `SELECT ${visible.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`).join(", ")}`;
  if (stage.from !== undefined)
    return aggregate(session, frames, instance, statement, `${declared} FROM ${reader.relation}`, control);
  await addColumns(session, frames, instance, statement, reader, visible, declared);
  return null;
}

/** Binds the statement to the declared columns alone: whatever else it names is an error that says so. Answers name → DuckDB type. */
async function describeResult(session: Session, instance: EngineInstance, query: string): Promise<Map<string, string>> {
  try {
    const rows = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM (${query})`);
    return new Map(rows.map((row) => [row.column_name, row.column_type]));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw stageError(
      instance.stage,
      `its statement does not fit the columns it declares as inputs: ${firstLine(error)}`,
      {
        path: ["params", "statement"],
        expected: `a SELECT over ${readColumns(instance).join(", ")}`,
        found: firstLine(error),
      },
    );
  }
}

function checkOutputs(instance: EngineInstance, types: Map<string, string>): void {
  instance.stage.outputs.forEach((output, i) => {
    const [, name] = splitColumn(output.column);
    const found = types.get(name);
    if (found === undefined) {
      throw stageError(instance.stage, `its statement does not return ${name}, which it declares as an output.`, {
        path: ["outputs", i],
        expected: name,
        found: [...types.keys()].filter((column) => !column.startsWith("#")).join(", "),
      });
    }
    if (!fitsType(found, output.type)) {
      throw stageError(
        instance.stage,
        `${output.column} is declared as ${output.type}, and its statement returns ${found}. Add a CAST or declare the other type.`,
        {
          path: ["outputs", i, "type"],
          expected: output.type,
          found,
        },
      );
    }
  });
}

/** The outputs' physical names in a frame, with the expressions that read them from the statement's result. */
function newColumns(
  frames: Frames,
  instance: EngineInstance,
  types: ReadonlyMap<string, string>,
): { column: FrameColumn; key: string; name: string; bare: string; sql: (from?: string) => string }[] {
  return instance.stage.outputs.map((output) => {
    const [, bare] = splitColumn(output.column);
    const name = frames.fresh(bare);
    const column: FrameColumn = {
      type: output.type,
      physical: { kind: output.type === "vector" ? "list" : "scalar", name },
      finite: output.type !== "double" && output.type !== "vector",
    };
    return {
      column,
      key: columnKey(output.column, instance.key),
      name,
      bare,
      sql: (from = "") =>
        declaredValue(`${from}${quoteName(bare)}`, types.get(bare) ?? "", output.type, `Stage ${instance.stage.name}: ${output.column}, which its statement returns as ${types.get(bare)},`), // prettier-ignore
    };
  });
}

async function addColumns(
  session: Session,
  frames: Frames,
  instance: EngineInstance,
  statement: SelectStatement,
  frame: Frame,
  visible: Visible[],
  declared: string,
): Promise<void> {
  const { stage } = instance;
  const reserved = visible.find(({ name }) => stage.outputs.some((output) => splitColumn(output.column)[1] === name));
  if (reserved) {
    throw stageError(stage, `it writes ${reserved.name}, which it also reads. Give the output a name of its own.`, {
      path: ["outputs"],
      expected: "a new name",
      found: reserved.name,
    });
  }
  const check = quoteName(frames.fresh("declared"));
  await session.run(`CREATE VIEW ${check} AS ${declared} FROM ${frame.relation}`);
  const types = await describeResult(session, instance, over(statement, check));
  checkOutputs(instance, types);
  await session.run(`DROP VIEW ${check}`);

  const added = newColumns(frames, instance, types);
  if (statement.isProjection) {
    const view = quoteName(frames.fresh("this"));
    const seen = visible.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`);
    await session.run(`CREATE VIEW ${view} AS SELECT *, ${seen.join(", ")} FROM ${frame.relation}`);
    const relation = quoteName(frames.fresh(`view of ${frame.entity.name}`));
    const kept = frame.names.map(quoteName);
    await session.run(
      `CREATE VIEW ${relation} AS SELECT ${[...kept, ...added.map(({ sql, name }) => `${sql()} AS ${quoteName(name)}`)].join(", ")} FROM (${over(statement, view)})`,
    );
    frame.relation = relation;
    frame.stored = false;
  } else {
    await joinResult(session, frames, instance, statement, frame, declared, added);
  }
  frame.names.push(...added.map(({ name }) => name));
  for (const { key, column } of added) frame.columns.set(key, column);
}

/** A statement of any other form: its rows are computed, counted and joined back to the rows they came from. */
async function joinResult(
  session: Session,
  frames: Frames,
  instance: EngineInstance,
  statement: SelectStatement,
  frame: Frame,
  declared: string,
  added: ReturnType<typeof newColumns>,
): Promise<void> {
  const { stage } = instance;
  await frames.store(frame);
  const relation = quoteName(frames.fresh(`rows of ${frame.entity.name}`));
  const position = quoteName(frames.fresh("position"));
  await session.run(`CREATE TABLE ${relation} AS SELECT *, row_number() OVER () AS ${position} FROM ${frame.relation}`);
  const view = quoteName(frames.fresh("this"));
  // By its position a row is found whatever its keys are; but a statement that takes rows as a whole would take that in too.
  const withPosition = statement.ignoresOtherColumns ? `${declared}, ${position}` : declared;
  await session.run(`CREATE VIEW ${view} AS ${withPosition} FROM ${relation}`);
  const result = quoteName(frames.fresh("result"));
  const types = await describeResult(session, instance, over(statement, view));
  await session.run(`CREATE TABLE ${result} AS ${over(statement, view)}`);

  const byPosition = types.has(position.slice(1, -1));
  const identity = [
    ...frame.entity.joinKeys.map((key, i) => ({ name: key.name, physical: quoteName(keyName(i)) })),
    ...(frame.timed && frame.entity.eventTime ? [{ name: frame.entity.eventTime, physical: TIME }] : []),
  ];
  const missing = byPosition ? [] : identity.filter(({ name }) => !types.has(name));
  if (missing.length > 0) {
    throw stageError(
      stage,
      `its statement must keep every row, and to tell rows apart it must return ${missing.map(({ name }) => name).join(", ")}. Begin it with SELECT *.`,
      {
        path: ["params", "statement"],
        expected: identity.map(({ name }) => name).join(", "),
        found: [...types.keys()].join(", "),
      },
    );
  }
  const distinct = byPosition ? position : `(${identity.map(({ name }) => quoteName(name)).join(", ")})`;
  const { found, different } = await session.row<{ found: number; different: number }>(
    `SELECT count(*) AS found, count(DISTINCT ${distinct}) AS different FROM ${result}`,
  );
  const { expected } = await session.row<{ expected: number }>(`SELECT count(*) AS expected FROM ${relation}`);
  if (found !== expected || different !== expected) {
    throw stageError(
      stage,
      `its statement returns ${found} rows (${different} different) for the ${expected} rows it reads, and a stage without from must keep every row once. Drop WHERE, LIMIT, GROUP BY and joins that multiply rows, or aggregate with from.`,
      {
        path: ["params", "statement"],
        expected: `${expected} rows`,
        found: `${found} rows`,
      },
    );
  }
  const on = byPosition
    ? `f.${position} = r.${position}`
    : identity.map(({ name, physical }) => `f.${physical} IS NOT DISTINCT FROM r.${quoteName(name)}`).join(" AND ");
  const joined = quoteName(frames.fresh(`view of ${frame.entity.name}`));
  const columns = added.map(({ sql, name }) => `${sql("r.")} AS ${quoteName(name)}`);
  await session.run(
    `CREATE VIEW ${joined} AS SELECT ${[...frame.names.map((name) => `f.${quoteName(name)}`), ...columns].join(", ")} FROM ${relation} f JOIN ${result} r ON ${on}`,
  );
  frame.relation = joined;
  frame.stored = false;
}

async function aggregate(
  session: Session,
  frames: Frames,
  instance: EngineInstance,
  statement: SelectStatement,
  query: string,
  control: RunControl,
): Promise<number> {
  const { stage } = instance;
  const entity = frames.entity(stage.entity);
  const view = quoteName(frames.fresh("this"));
  await session.run(`CREATE VIEW ${view} AS ${query}`);
  const types = await describeResult(session, instance, over(statement, view));
  checkOutputs(instance, types);
  const timed = entity.eventTime !== undefined && types.has(entity.eventTime);
  const absent = entity.joinKeys.filter((key) => !types.has(key.name)).map((key) => key.name);
  if (entity.eventTime !== undefined && !timed) absent.push(entity.eventTime);
  if (absent.length > 0) {
    throw stageError(stage, `its statement makes rows of ${entity.name} and must return ${absent.join(", ")}.`, {
      path: ["params", "statement"],
      expected: [...entity.joinKeys.map((key) => key.name), entity.eventTime].filter(Boolean).join(", "),
      found: [...types.keys()].join(", "),
    });
  }
  const keyTypes: [string, ColumnType][] = entity.joinKeys.map((key) => [key.name, key.type]);
  if (entity.eventTime) keyTypes.push([entity.eventTime, "timestamp"]);
  for (const [name, type] of keyTypes) {
    if (!fitsType(types.get(name) ?? "", type)) {
      throw stageError(
        stage,
        `its statement returns ${name} as ${types.get(name)}, and ${entity.name} has it as ${type}.`,
        { path: ["params", "statement"], expected: type, found: types.get(name) ?? "nothing" },
      );
    }
  }

  const added = newColumns(frames, instance, types);
  const identity = [
    ...entity.joinKeys.map(
      (key, i) => `CAST(${quoteName(key.name)} AS ${SQL_TYPES[key.type]}) AS ${quoteName(keyName(i))}`,
    ),
    ...(timed && entity.eventTime ? [`CAST(${quoteName(entity.eventTime)} AS TIMESTAMP) AS ${TIME}`] : []),
  ];
  const names = [...entity.joinKeys.map((_, i) => keyName(i)), ...(timed ? [EVENT_TIME] : [])];
  const table = quoteName(frames.fresh(`result of ${stage.name}`));
  await session.run(
    `CREATE TABLE ${table} AS SELECT ${[...identity, ...added.map(({ sql, name }) => `${sql()} AS ${quoteName(name)}`)].join(", ")} FROM (${over(statement, view)})`,
  );

  const incomplete = names
    .map((name) => (name === EVENT_TIME ? `NOT coalesce(${inCalendar(TIME)}, false)` : `${quoteName(name)} IS NULL`))
    .join(" OR ");
  const { lost } = await session.row<{ lost: number }>(`SELECT count(*) AS lost FROM ${table} WHERE ${incomplete}`);
  if (lost > 0) {
    control.log(
      "warn",
      `Stage ${stage.name} returned ${lost} rows without a key or event time${timed ? ", or with one that is not of the years 1 to 9999" : ""}; they belong to nothing and are left out.`,
    );
    await session.run(`DELETE FROM ${table} WHERE ${incomplete}`);
  }
  let rows: Frame;
  try {
    rows = await frames.addRows(
      instance,
      table,
      timed,
      [...names, ...added.map(({ name }) => name)],
      new Map(added.map(({ key, column }) => [key, column])),
    );
  } catch (error) {
    if (error instanceof DomainError && error.code === "invalid")
      throw stageError(stage, error.message, { ...error.context, path: ["params", "statement"] });
    throw error;
  }
  const { n } = await session.row<{ n: number }>(`SELECT count(*) AS n FROM ${rows.relation}`);
  return n;
}
