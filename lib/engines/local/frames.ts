/** Makes and joins frames: rows from sources and aggregations, columns beside them, and tables where they pay. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { DomainError } from "@/lib/domain/errors";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { EngineInstance, VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import { readAsOf } from "./as-of";
import {
  EVENT_TIME,
  type Frame,
  type FrameColumn,
  ROW_ID,
  columnKey,
  findColumn,
  identityOf,
  keyName,
  keysOf,
  newFrame,
  physicalNames,
} from "./frame";
import { type PlanUses, readerOf, relationTo } from "./plan-uses";
import { quoteName } from "./quote";
import { RowMakers, readFrom } from "./row-makers";
import type { Session } from "./session";
import { assertUniqueKeys, haveSameRows, joinRows, readSource, sameRow } from "./source-rows";

const ROW = quoteName(ROW_ID);

/** An expression to add to a frame under a physical name. */
export interface Addition {
  name: string;
  sql: string;
}

export class Frames {
  /** By entity and the makers of its rows. */
  private readonly frames = new Map<string, Frame>();
  /** Instance that made rows → the first that made the same rows; null for rows that sources gave. */
  private readonly sameRowsAs = new Map<string, string | null>();
  private readonly entities: Map<string, EntityDefinition>;
  private readonly makers: RowMakers;
  private counter = 0;
  /** Index of the instance that runs: columns that nothing reads from here on are not copied into new tables. */
  at = 0;

  constructor(
    readonly session: Session,
    private readonly plan: VariantPlan,
    readonly order: EngineInstance[],
    private readonly uses: PlanUses,
    readonly control: RunControl,
    /** Steps of the whole run, for progress. */
    readonly steps: number,
  ) {
    this.entities = new Map(plan.entities.map((entity) => [entity.name, entity]));
    this.makers = new RowMakers(plan);
  }

  entity(name: string): EntityDefinition {
    const entity = this.entities.get(name);
    if (!entity) throw new DomainError("invalid", `The plan names an entity ${name} and does not hold it.`);
    return entity;
  }

  /** A name that no other relation or column has. */
  fresh = (hint: string): string => `${hint}#${++this.counter}`;

  // ---- rows ----------------------------------------------------------------------------------------------------------

  /** The frame with the rows that a stage reads, those to fit on when `columns` are its inputs and fit inputs. */
  async readBy({ stage, inputs }: EngineInstance, columns: readonly string[] = stage.inputs): Promise<Frame> {
    return this.holding(readerOf({ stage }), readFrom(inputs, columns));
  }

  /** The frame with the rows that an entity's columns are on. Made when it is first asked for. */
  async holding(entity: string, columns: readonly WrittenColumn[]): Promise<Frame> {
    const makers = this.makersOf(entity, columns);
    const key = frameKey(entity, makers);
    const known = this.frames.get(key);
    if (known) return known;
    const frame =
      makers.length === 0 ? await this.fromSources(this.entity(entity)) : await this.combine(entity, makers);
    if (!frame) {
      throw new DomainError(
        "invalid",
        `Nothing in the plan gives rows of ${entity}: it has no source, and no stage that ran before aggregates to it.`,
      );
    }
    this.frames.set(key, frame);
    return frame;
  }

  /** Takes rows that somebody else made as those that its entity's sources would give. */
  place(frame: Frame): void {
    this.frames.set(frameKey(frame.entity.name, []), frame);
  }

  /** The same if it has been made. */
  held(entity: string, columns: readonly WrittenColumn[]): Frame | undefined {
    return this.frames.get(frameKey(entity, this.makersOf(entity, columns)));
  }

  private makersOf(entity: string, columns: readonly WrittenColumn[]): string[] {
    const makers = this.makers.of(entity, columns).map((key) => {
      const same = this.sameRowsAs.get(key);
      return same === undefined ? key : same;
    });
    return [...new Set(makers.filter((key) => key !== null))].sort();
  }

  private async fromSources(entity: EntityDefinition): Promise<Frame | null> {
    const sources = this.plan.sources.filter(({ definition }) => definition.entity === entity.name);
    const columns = this.uses.sourceColumns.get(entity.name) ?? [];
    const rows: { timed: Frame | null; fixed: Frame | null } = { timed: null, fixed: null };
    const counted = this.order.length === 0 && sources.length === 1;
    for (const source of sources) {
      const timed = entity.eventTime !== undefined && source.definition.timeColumn !== undefined;
      const parts = this.uses.assigned.get(source.definition.name);
      const frame = await readSource(this.session, this.fresh, entity, source, timed, columns, { counted, parts });
      const kind = timed ? "timed" : "fixed";
      const before = rows[kind];
      rows[kind] = before ? await joinRows(this.session, this.fresh, before, frame) : frame;
    }
    if (!rows.timed) return rows.fixed;
    rows.timed.statics = rows.fixed;
    return rows.timed;
  }

  private async combine(entity: string, makers: string[]): Promise<Frame | null> {
    let rows: Frame | null = null;
    for (const maker of makers) {
      const frame = this.frames.get(frameKey(entity, [maker]));
      if (!frame) continue;
      rows = rows ? await joinRows(this.session, this.fresh, rows, frame) : frame;
    }
    return rows;
  }

  /** The rows that values of an instance belong beside; null when they are rows of their own. */
  async rowsBeside(instance: EngineInstance): Promise<Frame | null> {
    return this.makers.makesRows(instance) ? null : this.holding(instance.stage.entity, []);
  }

  /** Takes an instance's table (keys, event time, outputs under physical names) into the entity's rows, or as its rows. */
  async addRows(
    instance: EngineInstance,
    table: string,
    timed: boolean,
    names: string[],
    columns: Map<string, FrameColumn>,
  ): Promise<Frame> {
    const entity = this.entity(instance.stage.entity);
    const made = newFrame(entity, table, timed, names, columns);
    await assertUniqueKeys(this.session, made, "the stage");
    const beside = await this.rowsBeside(instance);
    if (beside) return this.addTo(beside, made);
    for (const [maker, same] of this.sameRowsAs) {
      const frame = maker === same ? this.frames.get(frameKey(entity.name, [maker])) : undefined;
      if (frame?.entity.name !== entity.name || !(await haveSameRows(this.session, frame, made))) continue;
      this.sameRowsAs.set(instance.key, maker);
      return this.addTo(frame, made);
    }
    if (timed && this.makers.hasSource(entity.name)) made.statics = await this.holding(entity.name, []);
    this.sameRowsAs.set(instance.key, instance.key);
    this.frames.set(frameKey(entity.name, [instance.key]), made);
    return made;
  }

  /** Joins a table's columns to the rows that a frame has. */
  private async addTo(frame: Frame, made: Frame): Promise<Frame> {
    const identity = new Set(identityOf(made).map((name) => name.slice(1, -1)));
    const added = made.names.filter((name) => !identity.has(name));
    const select = ["f.*", ...added.map((name) => `s.${quoteName(name)}`)];
    await this.store(
      frame,
      `SELECT ${select.join(", ")} FROM ${frame.relation} f LEFT JOIN ${made.relation} s ON ${sameRow(made)}`,
      added,
    );
    for (const [key, column] of made.columns) frame.columns.set(key, column);
    await this.session.run(`DROP TABLE ${made.relation}`);
    return frame;
  }

  /** Gives every row a number. */
  async number(frame: Frame): Promise<void> {
    if (frame.numbered) return;
    const relation = quoteName(this.fresh(`rows of ${frame.entity.name}`));
    await this.session.run(
      `CREATE TABLE ${relation} AS SELECT row_number() OVER (ORDER BY ${identityOf(frame).join(", ")}) AS ${ROW}, * FROM ${frame.relation}`,
    );
    if (frame.stored && !frame.lent) await this.session.run(`DROP TABLE ${frame.relation}`);
    frame.relation = relation;
    frame.stored = true;
    frame.numbered = true;
    frame.lent = false;
    frame.names = [ROW_ID, ...frame.names];
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

  /** Makes the relation a table, with what is still read of it and, of `query`, the names in `extra`. */
  async store(frame: Frame, query?: string, extra: string[] = []): Promise<void> {
    if (frame.stored && query === undefined) return;
    const keep = [...this.keptNames(frame), ...extra];
    const relation = quoteName(this.fresh(`table of ${frame.entity.name}`));
    await this.session.run(
      `CREATE TABLE ${relation} AS SELECT ${keep.map(quoteName).join(", ")} FROM (${query ?? `SELECT * FROM ${frame.relation}`})`,
    );
    const previous = frame.stored ? frame.relation : null;
    frame.relation = relation;
    frame.stored = true;
    frame.names = keep;
    const left = new Set(keep);
    for (const [key, column] of frame.columns)
      if (!physicalNames(column.physical).every((name) => left.has(name))) frame.columns.delete(key);
    if (previous && !frame.lent) await this.session.run(`DROP TABLE IF EXISTS ${previous}`);
    frame.lent = false;
  }

  /** The frame's relation as a table that other frames' views may read, whatever becomes of the frame. */
  async lend(frame: Frame): Promise<string> {
    await this.store(frame);
    frame.lent = true;
    return frame.relation;
  }

  private keptNames(frame: Frame): string[] {
    const keep = new Set<string>(frame.entity.joinKeys.map((_, i) => keyName(i)));
    if (frame.timed) keep.add(EVENT_TIME);
    if (frame.numbered) keep.add(ROW_ID);
    for (const pointers of frame.pointers.values()) for (const name of pointers.values()) keep.add(name);
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
    return readAsOf(this, reader, column, writer, relationTo(reader.entity, owner, instance), instance);
  }

  /** A column of the frame's entity, made present in its relation. Throws `invalid` naming who asks when nothing writes it. */
  async own(frame: Frame, column: string, writer: string | null, asker: string): Promise<FrameColumn> {
    const found = findColumn(frame, column, writer);
    if (found) return found;
    const fixed = frame.statics ? findColumn(frame.statics, column, writer) : undefined;
    if (frame.statics && fixed) return this.joinByKey(frame, frame.statics, keysOf(frame), column, writer, fixed);
    const home = this.held(frame.entity.name, [{ column, instance: writer }]);
    const there = home && home !== frame && home.timed === frame.timed ? findColumn(home, column, writer) : undefined;
    if (home && there) {
      const relation = await this.lend(home);
      return this.joinColumn(frame, relation, sameRow(frame), column, writer, there);
    }
    throw absent(column, asker);
  }

  /** Adds a column of rows that hold at all times, found by `on`, expressions over the frame in the order of their keys. */
  async joinByKey(
    frame: Frame,
    fixed: Frame,
    on: string[],
    column: string,
    writer: string | null,
    from: FrameColumn,
    tag = "",
  ): Promise<FrameColumn> {
    const condition = on.map((sql, i) => `f.${sql} = s.${keysOf(fixed)[i]}`).join(" AND ");
    return this.joinColumn(frame, await this.lend(fixed), condition, column, writer, from, tag);
  }

  /** Adds another relation's column by a join that matches each row at most once. */
  async joinColumn(
    frame: Frame,
    relation: string,
    condition: string,
    column: string,
    writer: string | null,
    from: FrameColumn,
    tag = "",
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
}

function frameKey(entity: string, makers: string[]): string {
  return [entity, ...makers].join("|");
}

function absent(column: string, asker: string): DomainError {
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
