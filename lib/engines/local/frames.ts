/** Makes and joins frames: from sources, from aggregations, and as of a row's time from another entity. */
import { type ColumnType, type EntityDefinition, type Relation, splitColumn } from "@/lib/domain/definitions";
import { DomainError } from "@/lib/domain/errors";
import type { EngineInstance, RunControl, VariantPlan } from "../engine";
import { EVENT_TIME, type Frame, type FrameColumn, ROW_ID, keyName, physicalNames } from "./frame";
import { stageError } from "./operators/local-operator";
import { type PlanUses, columnKey, readerOf, relationTo } from "./plan-uses";
import { SQL_TYPES, quoteName } from "./quote";
import type { Session } from "./session";
import { columnExpression, fileRelation } from "./source-file";

const TIME = quoteName(EVENT_TIME);
const ROW = quoteName(ROW_ID);
const FINITE: ReadonlySet<ColumnType> = new Set(["boolean", "bigint", "string", "date", "timestamp", "strings"]);

/** An expression to add to a frame under a physical name. */
export interface Addition {
  name: string;
  sql: string;
}

export class Frames {
  private readonly frames = new Map<string, Frame>();
  private readonly entities: Map<string, EntityDefinition>;
  private counter = 0;
  /** Index of the instance that runs: columns that nothing reads from here on are not copied into new tables. */
  at = 0;

  constructor(
    private readonly session: Session,
    private readonly plan: VariantPlan,
    private readonly order: EngineInstance[],
    private readonly uses: PlanUses,
    private readonly control: RunControl,
    /** Steps of the whole run, for progress. */
    private readonly steps: number,
  ) {
    this.entities = new Map(plan.entities.map((entity) => [entity.name, entity]));
  }

  entity(name: string): EntityDefinition {
    const entity = this.entities.get(name);
    if (!entity) throw new DomainError("invalid", `The plan names an entity ${name} and does not hold it.`);
    return entity;
  }

  /** A name that no other relation or column has. */
  fresh(hint: string): string {
    return `${hint}#${++this.counter}`;
  }

  /** The entity's frame, made from its sources when it is first asked for. */
  async get(name: string): Promise<Frame> {
    const known = this.frames.get(name);
    if (known) return known;
    const frame = await this.fromSources(this.entity(name));
    if (!frame) {
      throw new DomainError(
        "invalid",
        `Nothing in the plan gives rows of ${name}: it has no source, and no stage that ran before aggregates to it.`,
      );
    }
    this.frames.set(name, frame);
    return frame;
  }

  existing(): Frame[] {
    return [...this.frames.values()];
  }

  // ---- rows from sources ---------------------------------------------------------------------------------------------

  private async fromSources(entity: EntityDefinition): Promise<Frame | null> {
    const sources = this.plan.sources.filter(({ definition }) => definition.entity === entity.name);
    const timed = sources.filter(
      ({ definition }) => entity.eventTime !== undefined && definition.timeColumn !== undefined,
    );
    const fixed = sources.filter((source) => !timed.includes(source));
    let statics: Frame | null = null;
    for (const source of fixed) {
      const frame = await this.fromSource(entity, source, false);
      statics = statics ? await this.joinRows(statics, frame, "FULL") : frame;
    }
    let rows: Frame | null = null;
    for (const source of timed) {
      const frame = await this.fromSource(entity, source, true);
      rows = rows ? await this.joinRows(rows, frame, "FULL") : frame;
    }
    if (!rows) return statics;
    rows.statics = statics;
    return rows;
  }

  private async fromSource(
    entity: EntityDefinition,
    source: VariantPlan["sources"][number],
    timed: boolean,
  ): Promise<Frame> {
    const { definition, snapshot } = source;
    const paths = snapshot.files.map((file) => file.path);
    const expression = (name: string, role: string) => {
      const column = definition.columns.find((candidate) => candidate.name === name);
      if (!column)
        throw new DomainError(
          "invalid",
          `Source ${definition.name} has no column ${name}, which is the ${role} of ${entity.name}.`,
        );
      return columnExpression(definition, column, paths.length);
    };
    const names: string[] = [];
    const select: string[] = [];
    const columns = new Map<string, FrameColumn>();
    const add = (name: string, sql: string) => {
      names.push(name);
      select.push(`${sql} AS ${quoteName(name)}`);
    };
    entity.joinKeys.forEach((key, i) =>
      add(keyName(i), `CAST(${expression(key.name, "join key")} AS ${SQL_TYPES[key.type]})`),
    );
    if (timed && definition.timeColumn)
      add(EVENT_TIME, `CAST(${expression(definition.timeColumn, "event time")} AS TIMESTAMP)`);

    for (const name of this.uses.sourceColumns.get(entity.name) ?? []) {
      const column = definition.columns.find((candidate) => candidate.name === name);
      if (!column) continue;
      const key = entity.joinKeys.findIndex((candidate) => candidate.name === name && candidate.type === column.type);
      const isTime = timed && name === definition.timeColumn && column.type === "timestamp";
      // A key or the event time is there already; a second copy would only cost memory.
      const physical = key >= 0 ? keyName(key) : isTime ? EVENT_TIME : this.fresh(name);
      if (key < 0 && !isTime) add(physical, columnExpression(definition, column, paths.length));
      columns.set(columnKey(`${entity.name}.${name}`, null), {
        type: column.type,
        physical: { kind: column.type === "vector" ? "list" : "scalar", name: physical },
        finite: FINITE.has(column.type),
      });
    }

    const relation = quoteName(this.fresh(`source ${definition.name}`));
    const query = `SELECT ${select.join(", ")} FROM ${fileRelation(
      definition,
      paths,
      definition.columns.filter((column) => column.name !== definition.rowNumber),
    )}`;
    // Text is parsed once; Parquet is read as fast as a table.
    const stored = definition.format !== "parquet" || !timed;
    try {
      await this.session.run(`CREATE ${stored ? "TABLE" : "VIEW"} ${relation} AS ${query}`);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError("invalid", `Source ${definition.name} cannot be read as declared: ${firstLine(error)}`);
    }
    const frame: Frame = {
      entity,
      relation,
      stored,
      timed,
      born: "source",
      numbered: false,
      rowsVersion: 0,
      names,
      columns,
      statics: null,
      pointers: new Map(),
      lent: false,
    };
    if (!timed) await this.assertUniqueKeys(frame, `source ${definition.name}, which has no time column,`);
    return frame;
  }

  private keys(frame: Frame): string[] {
    return frame.entity.joinKeys.map((_, i) => quoteName(keyName(i)));
  }

  private identity(frame: Frame): string[] {
    return [...this.keys(frame), ...(frame.timed ? [TIME] : [])];
  }

  private async assertUniqueKeys(frame: Frame, what: string): Promise<void> {
    const identity = this.identity(frame).join(", ");
    const [twice] = await this.session.rows<{ key: string; n: number }>(
      `SELECT CAST((${this.keys(frame)[0]}) AS VARCHAR) AS key, count(*) AS n FROM ${frame.relation} GROUP BY ${identity} HAVING count(*) > 1 ORDER BY 1 LIMIT 1`,
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

  /** Rows of both by key and event time; LEFT keeps the left frame's rows only. */
  private async joinRows(left: Frame, right: Frame, kind: "LEFT" | "FULL"): Promise<Frame> {
    const identity = left.timed === right.timed ? this.identity(left) : this.keys(left);
    const same = identity.map((name) => `l.${name} IS NOT DISTINCT FROM r.${name}`).join(" AND ");
    const shared = new Set([...this.identity(left), ROW]);
    const select = [
      ...identity.map((name) => `coalesce(l.${name}, r.${name}) AS ${name}`),
      ...left.names
        .map(quoteName)
        .filter((name) => !shared.has(name))
        .map((name) => `l.${name}`),
      ...right.names
        .map(quoteName)
        .filter((name) => !shared.has(name))
        .map((name) => `r.${name}`),
    ];
    const relation = quoteName(this.fresh(`rows of ${left.entity.name}`));
    await this.session.run(
      `CREATE TABLE ${relation} AS SELECT row_number() OVER (ORDER BY ${identity.join(", ")}) AS ${ROW}, * FROM (SELECT ${select.join(", ")} FROM ${left.relation} l ${kind} JOIN ${right.relation} r ON ${same})`,
    );
    return {
      ...left,
      relation,
      stored: true,
      numbered: true,
      rowsVersion: left.rowsVersion + 1,
      names: [
        ROW_ID,
        ...left.names.filter((name) => name !== ROW_ID),
        ...right.names.filter((name) => !shared.has(quoteName(name))),
      ],
      columns: new Map([...left.columns, ...right.columns]),
      pointers: new Map(),
      lent: false,
    };
  }

  // ---- rows from aggregations ----------------------------------------------------------------------------------------

  /** Takes an aggregation's table (keys, event time, outputs under physical names) into the entity's frame. */
  async addRows(
    entity: EntityDefinition,
    table: string,
    timed: boolean,
    names: string[],
    columns: Map<string, FrameColumn>,
  ): Promise<void> {
    const made: Frame = {
      entity,
      relation: table,
      stored: true,
      timed,
      born: "stage",
      numbered: false,
      rowsVersion: 0,
      names,
      columns,
      statics: null,
      pointers: new Map(),
      lent: false,
    };
    await this.assertUniqueKeys(made, "the stage");
    const old = this.frames.get(entity.name) ?? (await this.fromSources(entity));
    let frame: Frame;
    if (!old) frame = await this.number(made);
    else if (timed && !old.timed) {
      // Until now the entity had attributes only; from now on it has a row for every moment.
      frame = { ...(await this.number(made)), statics: old, rowsVersion: old.rowsVersion + 1 };
    } else {
      frame = { ...(await this.joinRows(old, made, old.born === "source" ? "LEFT" : "FULL")), statics: old.statics };
      if (old.statics) this.dropJoinedStatics(frame, old.statics);
    }
    this.frames.set(entity.name, frame);
  }

  /** Attributes copied onto rows are missing on rows that came later; forgetting the copies has them joined again. */
  private dropJoinedStatics(frame: Frame, statics: Frame): void {
    for (const key of statics.columns.keys()) frame.columns.delete(key);
  }

  private async number(frame: Frame): Promise<Frame> {
    if (frame.numbered) return frame;
    const relation = quoteName(this.fresh(`rows of ${frame.entity.name}`));
    await this.session.run(
      `CREATE TABLE ${relation} AS SELECT row_number() OVER (ORDER BY ${this.identity(frame).join(", ")}) AS ${ROW}, * FROM ${frame.relation}`,
    );
    const numbered: Frame = { ...frame, relation, stored: true, numbered: true, names: [ROW_ID, ...frame.names] };
    if (frame.stored && !frame.lent) await this.session.run(`DROP TABLE ${frame.relation}`);
    if (this.frames.get(frame.entity.name) === frame) this.frames.set(frame.entity.name, numbered);
    return numbered;
  }

  // ---- columns -------------------------------------------------------------------------------------------------------

  /** Puts expressions over the relation's own names beside its columns. */
  async extend(frame: Frame, additions: Addition[]): Promise<void> {
    const relation = quoteName(this.fresh(`view of ${frame.entity.name}`));
    await this.session.run(
      `CREATE VIEW ${relation} AS SELECT *, ${additions.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`).join(", ")} FROM ${frame.relation}`,
    );
    frame.relation = relation;
    frame.stored = false;
    frame.names.push(...additions.map(({ name }) => name));
  }

  /** Makes the relation a table, with what is still read of it. */
  async store(frame: Frame, query = `SELECT * FROM ${frame.relation}`, extra: string[] = []): Promise<void> {
    if (frame.stored && extra.length === 0) return;
    const keep = [...this.keptNames(frame), ...extra];
    const relation = quoteName(this.fresh(`table of ${frame.entity.name}`));
    await this.session.run(`CREATE TABLE ${relation} AS SELECT ${keep.map(quoteName).join(", ")} FROM (${query})`);
    const previous = frame.stored ? frame.relation : null;
    frame.relation = relation;
    frame.stored = true;
    frame.names = keep;
    const left = new Set(keep);
    for (const [key, column] of frame.columns)
      if (!physicalNames(column.physical).every((name) => left.has(name))) frame.columns.delete(key);
    for (const [key, pointer] of frame.pointers) if (!left.has(pointer.name)) frame.pointers.delete(key);
    if (previous && !frame.lent) await this.session.run(`DROP TABLE IF EXISTS ${previous}`);
    frame.lent = false;
  }

  private keptNames(frame: Frame): string[] {
    const keep = new Set<string>(frame.entity.joinKeys.map((_, i) => keyName(i)));
    if (frame.timed) keep.add(EVENT_TIME);
    if (frame.numbered) keep.add(ROW_ID);
    for (const { name } of frame.pointers.values()) keep.add(name);
    for (const [key, column] of frame.columns) {
      const [name = "", instance = ""] = key.split("|");
      if ((this.uses.last.get(`${name}|${instance}`) ?? -1) >= this.at)
        for (const physical of physicalNames(column.physical)) keep.add(physical);
    }
    return frame.names.filter((name) => keep.has(name));
  }

  /** A column for a reader's stage, made present in the reader's relation: its own, or another entity's as of its time. */
  async resolve(reader: Frame, column: string, writer: string | null, instance: EngineInstance): Promise<FrameColumn> {
    const [owner] = splitColumn(column);
    if (owner === reader.entity.name) return this.own(reader, column, writer, instance.stage.name);
    return this.foreign(reader, column, writer, relationTo(reader.entity, owner, instance), instance);
  }

  async own(frame: Frame, column: string, writer: string | null, asker: string): Promise<FrameColumn> {
    const found = this.find(frame, column, writer);
    if (found) return found;
    const fixed = frame.statics ? this.find(frame.statics, column, writer) : undefined;
    if (frame.statics && fixed) return this.joinStatics(frame, frame.statics, column, writer, fixed, this.keys(frame));
    throw this.absent(column, asker);
  }

  private absent(column: string, asker: string): DomainError {
    const [entity] = splitColumn(column);
    return new DomainError(
      "invalid",
      `${asker} reads ${column}, and neither a source of ${entity} nor a stage that ran before writes it. Declare it in a source's columns or add the stage that writes it.`,
      {
        issues: [
          {
            path: ["inputs"],
            message: `Nothing writes ${column}.`,
            expected: "a column of a source or an output of a stage",
            found: column,
          },
        ],
      },
    );
  }

  private find(frame: Frame, column: string, writer: string | null): FrameColumn | undefined {
    const found = frame.columns.get(columnKey(column, writer));
    if (found || writer !== null) return found;
    const [, name] = splitColumn(column);
    const key = frame.entity.joinKeys.findIndex((candidate) => candidate.name === name);
    if (key >= 0)
      return {
        type: frame.entity.joinKeys[key]?.type ?? "string",
        physical: { kind: "scalar", name: keyName(key) },
        finite: true,
      };
    if (frame.timed && name === frame.entity.eventTime)
      return { type: "timestamp", physical: { kind: "scalar", name: EVENT_TIME }, finite: true };
    return undefined;
  }

  private async joinStatics(
    frame: Frame,
    statics: Frame,
    column: string,
    writer: string | null,
    fixed: FrameColumn,
    on: string[],
    tag = "",
  ): Promise<FrameColumn> {
    const condition = on.map((sql, i) => `f.${sql} = s.${this.keys(statics)[i]}`).join(" AND ");
    return this.joinColumn(frame, statics.relation, condition, column, writer, fixed, tag);
  }

  /** Adds another relation's column by a join that matches each row at most once. */
  private async joinColumn(
    frame: Frame,
    relation: string,
    condition: string,
    column: string,
    writer: string | null,
    from: FrameColumn,
    tag: string,
  ): Promise<FrameColumn> {
    const [, bare] = splitColumn(column);
    const taken = physicalNames(from.physical);
    const given = taken.map(() => this.fresh(bare));
    const view = quoteName(this.fresh(`view of ${frame.entity.name}`));
    await this.session.run(
      `CREATE VIEW ${view} AS SELECT f.*, ${taken.map((name, i) => `s.${quoteName(name)} AS ${quoteName(given[i] ?? "")}`).join(", ")} FROM ${frame.relation} f LEFT JOIN ${relation} s ON ${condition}`,
    );
    frame.relation = view;
    frame.stored = false;
    frame.names.push(...given);
    const physical =
      from.physical.kind === "components"
        ? { kind: from.physical.kind, names: given }
        : { kind: from.physical.kind, name: given[0] ?? "" };
    const joined: FrameColumn = { ...from, physical };
    frame.columns.set(columnKey(column, writer) + tag, joined);
    return joined;
  }

  // ---- other entities ------------------------------------------------------------------------------------------------

  private async foreign(
    reader: Frame,
    column: string,
    writer: string | null,
    relation: Relation,
    instance: EngineInstance,
  ): Promise<FrameColumn> {
    const tag = `|${relation.name}`;
    const cached = reader.columns.get(columnKey(column, writer) + tag);
    if (cached) return cached;

    const by = await this.own(
      reader,
      `${reader.entity.name}.${relation.by}`,
      null,
      `Relation ${relation.name} of ${reader.entity.name}`,
    );
    let target = await this.get(relation.entity);
    if (target.entity.joinKeys.length !== 1) {
      throw stageError(
        instance.stage,
        `relation ${relation.name} leads to ${relation.entity}, which has ${target.entity.joinKeys.length} join keys; a relation needs exactly one.`,
        { path: ["via"] },
      );
    }
    const bySql = quoteName(physicalNames(by.physical)[0] ?? "");
    const [targetKey = ""] = this.keys(target);

    const timeless = target.statics ? this.find(target.statics, column, writer) : undefined;
    if (target.statics && timeless) {
      return this.joinStatics(reader, target.statics, column, writer, timeless, [bySql], tag);
    }
    const from = await this.own(target, column, writer, `Stage ${instance.stage.name}`);
    // Read for every row of the reader, perhaps many times: worth a table.
    await this.store(target);
    target.lent = true;
    if (!target.timed)
      return this.joinColumn(reader, target.relation, `f.${bySql} = s.${targetKey}`, column, writer, from, tag);

    target = await this.number(target);
    target.lent = true;
    await this.point(reader, relation, bySql, target, instance);
    const pointer = quoteName(reader.pointers.get(relation.name)?.name ?? "");
    return this.joinColumn(reader, target.relation, `f.${pointer} = s.${ROW}`, column, writer, from, tag);
  }

  /**
   * Finds, once for each relation, the newest row of the other entity at or before each row's time, and remembers its
   * number: every further column is then a plain join. The lookup is DuckDB's ASOF join; a null key matches nothing.
   * Relations to the same entity that later stages follow are looked up in the same copy.
   */
  private async point(
    reader: Frame,
    relation: Relation,
    bySql: string,
    target: Frame,
    instance: EngineInstance,
  ): Promise<void> {
    const known = reader.pointers.get(relation.name);
    if (known && known.rowsVersion === target.rowsVersion) return;
    const later = this.order
      .slice(this.at)
      .filter((other) => readerOf(other) === reader.entity.name)
      .flatMap((other) =>
        other.stage.inputs
          .filter((input) => splitColumn(input)[0] === target.entity.name)
          .map(() => relationTo(reader.entity, target.entity.name, other)),
      );
    const relations = new Map([[relation.name, { by: bySql }]]);
    for (const other of later) {
      if (relations.has(other.name) || reader.pointers.get(other.name)?.rowsVersion === target.rowsVersion) continue;
      const by = await this.own(reader, `${reader.entity.name}.${other.by}`, null, `Relation ${other.name}`);
      relations.set(other.name, { by: quoteName(physicalNames(by.physical)[0] ?? "") });
    }
    for (const name of relations.keys()) reader.pointers.delete(name);

    const [key = ""] = this.keys(target);
    const newest = `SELECT ${key}, ${TIME}, max(${ROW}) AS ${ROW} FROM ${target.relation} WHERE ${key} IS NOT NULL AND ${TIME} IS NOT NULL GROUP BY ALL`;
    let query = `SELECT * FROM ${reader.relation}`;
    const pointers: [string, string][] = [];
    for (const [name, { by }] of relations) {
      const pointer = this.fresh(`row by ${name}`);
      pointers.push([name, pointer]);
      query = reader.timed
        ? `SELECT f.*, s.${ROW} AS ${quoteName(pointer)} FROM (${query}) f ASOF LEFT JOIN (${newest}) s ON f.${by} = s.${key} AND f.${TIME} >= s.${TIME}`
        : `SELECT f.*, s.${ROW} AS ${quoteName(pointer)} FROM (${query}) f LEFT JOIN (SELECT ${key}, max_by(${ROW}, ${TIME}) AS ${ROW} FROM (${newest}) GROUP BY 1) s ON f.${by} = s.${key}`;
    }
    this.control.progress({
      done: this.at,
      total: this.steps,
      instance: instance.key,
      message: `joining ${target.entity.name} as of each ${reader.entity.name}`,
    });
    await this.store(
      reader,
      query,
      pointers.map(([, pointer]) => pointer),
    );
    for (const [name, pointer] of pointers)
      reader.pointers.set(name, { name: pointer, rowsVersion: target.rowsVersion });
  }
}

export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n\n")[0] ?? message).replaceAll("\n", " ");
}
