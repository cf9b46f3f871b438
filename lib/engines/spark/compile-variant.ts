/**
 * A variant as the driver's plan. Pure: what was parsed, and where files are, is given. Columns have names of the compiler's own (c1, c2
 * …), so that no name of a user reaches Spark's SQL.
 */
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import { operatorName } from "@/lib/domain/operators/operator-table";
import type { EngineInstance, VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import { relationTo } from "../local/plan-uses";
import { declaredColumns, isTimed, visibleColumns } from "./column-types";
import { type PlacedColumn, sparkOperatorOf } from "./spark-operators";
import type { SparkOutput, SparkPlan, SparkRows, SparkStep } from "./spark-plan";
import { sparkName, type SparkExpression, translateProjection } from "./spark-sql";
import { splitSql, whyNoSplit } from "./split-sql";

export interface CompiledVariant extends Pick<SparkPlan, "rows" | "steps" | "outputs"> {
  /** Instance key → `entity.column` → its name in the output of its entity; of all that is read when every stage has run. */
  written: Map<string, Record<string, string>>;
}

interface Places {
  /** Parquet file with an entity's rows, its columns under their own names. */
  rowsOf(entity: string): string;
  /** Folder for an entity's outputs. */
  outputOf(entity: string): string;
  /** Folder of what an instance fitted: to be written, or read where its fit is given. */
  savedBy(instance: EngineInstance): string;
}

/** `entity.column` of everything that the stages read from sources, and of what splits go by. */
export function sourceColumnsRead(plan: VariantPlan): Set<string> {
  const columns = new Set<string>();
  const entities = new Map(plan.entities.map((entity) => [entity.name, entity]));
  for (const instance of plan.instances) {
    const entity = entities.get(instance.stage.entity);
    if (instance.values || !entity) continue;
    for (const column of readColumns(instance)) {
      if ((instance.inputs[column] ?? null) === null) columns.add(column);
      const [owner] = splitColumn(column);
      if (owner === entity.name) continue;
      columns.add(`${entity.name}.${relationTo(entity, owner, instance).by}`);
      for (const { name } of entities.get(owner)?.joinKeys ?? []) columns.add(`${owner}.${name}`);
    }
    const rule = instance.fit?.split && !instance.fit.fitted ? toSplitRule(instance.fit.split.policy) : null;
    if (rule?.by === "hash") columns.add(`${entity.name}.${rule.key}`);
    // Its rows are read, also where none of its columns are.
    for (const { name } of entity.joinKeys) columns.add(`${entity.name}.${name}`);
  }
  return columns;
}

/** What running an instance reads: a fitted one needs no labels. */
function readColumns({ stage, fit }: EngineInstance): string[] {
  return [...new Set([...stage.inputs, ...(fit?.fitted ? [] : (stage.fitInputs ?? []))])];
}

/** What is read when every stage has run, the features by which rows are compared included. */
export function resultColumns({ materialise, evaluate, profile, instances }: VariantPlan): WrittenColumn[] {
  const model = instances.find(({ key, values }) => key === evaluate?.features && !values);
  const features = (model?.stage.inputs ?? []).map((column) => ({ column, instance: model?.inputs[column] ?? null }));
  return [...materialise, ...profile.columns, ...(evaluate ? [evaluate.prediction, evaluate.label] : []), ...features];
}

/** @param statements of SQL stages, as DuckDB parsed them, by the stage's name. Throws `SparkSqlRefusal`, and `unsupported` for a split. */
export function compileVariant(
  plan: VariantPlan,
  places: Places,
  statements: ReadonlyMap<string, SerializedSql>,
): CompiledVariant {
  return new Compiler(plan, places, statements).compile();
}

const keyOf = (column: string, instance: string | null): string => `${column}|${instance ?? ""}`;

class Compiler {
  private readonly rows = new Map<string, SparkRows>();
  private readonly steps: SparkStep[] = [];
  /** Entity → column key, of another entity's with the relation → where it is. */
  private readonly placed = new Map<string, Map<string, PlacedColumn>>();
  private readonly types;
  private counter = 0;

  constructor(
    private readonly plan: VariantPlan,
    private readonly places: Places,
    private readonly statements: ReadonlyMap<string, SerializedSql>,
  ) {
    this.types = declaredColumns(
      { entities: plan.entities, sources: plan.sources.map(({ definition }) => definition) },
      plan.instances.map(({ stage }) => stage),
    );
  }

  private readonly fresh = (): string => `c${++this.counter}`;

  compile(): CompiledVariant {
    for (const column of [...sourceColumnsRead(this.plan)].sort()) this.source(column);
    for (const instance of this.plan.instances) {
      if (instance.values) this.readValues(instance, instance.values);
      else if (operatorName(instance.stage) === "sql") this.sql(instance);
      else this.operator(instance);
    }
    return { rows: [...this.rows.values()], steps: this.steps, ...this.outputs() };
  }

  private entity(name: string): EntityDefinition {
    const entity = this.plan.entities.find((one) => one.name === name);
    if (!entity) throw new DomainError("invalid", `The plan names an entity ${name} and does not hold it.`);
    return entity;
  }

  private timed(entity: EntityDefinition): boolean {
    return isTimed(
      entity,
      this.plan.sources.map(({ definition }) => definition),
    );
  }

  private columnsOf(entity: string): Map<string, PlacedColumn> {
    const known = this.placed.get(entity) ?? new Map<string, PlacedColumn>();
    this.placed.set(entity, known);
    return known;
  }

  /** The frame of an entity: its keys and event time, to which columns are added. */
  private frame(entity: string): SparkRows {
    const known = this.rows.get(entity);
    if (known) return known;
    const rows: SparkRows = { frame: entity, file: this.places.rowsOf(entity), columns: [] };
    this.rows.set(entity, rows);
    for (const column of this.identity(this.entity(entity))) this.source(`${entity}.${column}`);
    return rows;
  }

  /** Names of what tells the rows of an entity apart. */
  private identity(entity: EntityDefinition): string[] {
    return [
      ...entity.joinKeys.map(({ name }) => name),
      ...(this.timed(entity) && entity.eventTime ? [entity.eventTime] : []),
    ];
  }

  private source(column: string): PlacedColumn {
    const [entity, bare] = splitColumn(column);
    const rows = this.frame(entity);
    const columns = this.columnsOf(entity);
    const known = columns.get(keyOf(column, null));
    if (known) return known;
    const name = this.fresh();
    rows.columns.push({ from: bare, as: name });
    const placed = { column, type: this.typeOf(column), name, ok: null, isNominal: false };
    columns.set(keyOf(column, null), placed);
    return placed;
  }

  private typeOf(column: string): ColumnType {
    const declared = this.types.get(column);
    if (!declared) throw new DomainError("invalid", `Nothing in the plan declares ${column}.`);
    return declared.type;
  }

  private own(column: string, writer: string | null): PlacedColumn {
    if (writer === null) return this.source(column);
    const placed = this.columnsOf(splitColumn(column)[0]).get(keyOf(column, writer));
    if (!placed) throw new DomainError("invalid", `${column} is read before anything has written it.`);
    return placed;
  }

  /** A column for an instance's stage: its entity's own, or another's found through a relation. */
  private read(instance: EngineInstance, column: string): PlacedColumn {
    const writer = instance.inputs[column] ?? null;
    const [owner] = splitColumn(column);
    const reader = this.entity(instance.stage.entity);
    if (owner === reader.name) return this.own(column, writer);
    const relation = relationTo(reader, owner, instance);
    const key = `${keyOf(column, writer)}|${relation.name}`;
    const known = this.columnsOf(reader.name).get(key);
    if (known) return known;
    const other = this.entity(owner);
    const from = this.own(column, writer);
    if (from.type === "vector")
      throw new DomainError("unsupported", `Stage ${instance.stage.name} reads the vector ${column} of another entity, which the spark engine does not do. Run it on the local engine.`); // prettier-ignore
    const name = this.fresh();
    this.steps.push({
      step: "lookup",
      frame: reader.name,
      from: other.name,
      on: [
        {
          own: this.own(`${reader.name}.${relation.by}`, null).name,
          other: this.own(`${other.name}.${other.joinKeys[0]?.name}`, null).name,
        },
      ],
      time: this.timed(other)
        ? {
            own: this.timed(reader) ? this.own(`${reader.name}.${reader.eventTime}`, null).name : null,
            other: this.own(`${other.name}.${other.eventTime}`, null).name,
          }
        : null,
      columns: [{ from: from.name, as: name }],
    });
    const placed = { ...from, name };
    this.columnsOf(reader.name).set(key, placed);
    return placed;
  }

  /** Values that an earlier run wrote, found by what tells rows apart. */
  private readValues(instance: EngineInstance, values: NonNullable<EngineInstance["values"]>): void {
    const { stage } = instance;
    const entity = this.entity(stage.entity);
    const frame = `values of ${instance.key}`;
    const wanted = stage.outputs.filter(({ column }) => this.isRead(column, instance.key));
    if (wanted.length === 0) return;
    const list = wanted.find(({ type }) => type === "strings");
    if (list)
      throw new DomainError("unsupported", `Stage ${stage.name} has its values from an earlier run, and ${list.column} among them is a list of texts, which the spark engine does not read.`); // prettier-ignore
    const identity = this.identity(entity).map((name) => ({ name, own: this.own(`${entity.name}.${name}`, null).name, other: this.fresh() })); // prettier-ignore
    const columns = wanted.map(({ column, type }) => ({
      column,
      type,
      from: this.fresh(),
      as: this.fresh(),
      ok: type === "vector" ? this.fresh() : null,
    }));
    this.rows.set(frame, {
      frame,
      file: values.file,
      columns: [
        ...identity.map(({ name, other }) => ({ from: name, as: other })),
        ...columns.map(({ column, from }) => ({ from: values.columns[column] ?? "", as: from })),
      ],
    });
    const labels = instance.fit?.fitted?.learned.labels as string[][] | undefined;
    const keeps = stage.params?.handleInvalid === "keep";
    this.steps.push({
      step: "lookup",
      frame: entity.name,
      from: frame,
      on: identity.map(({ own, other }) => ({ own, other })),
      time: null,
      columns: columns.map(({ column, from, as, ok }) => {
        const own = labels?.[stage.outputs.findIndex((output) => output.column === column)];
        return { from, as, ...(own && { categories: own.length + (keeps ? 1 : 0) }), ...(ok !== null && { ok }) };
      }),
    });
    for (const { column, type, as, ok } of columns)
      this.columnsOf(entity.name).set(keyOf(column, instance.key), { column, type, name: as, ok, isNominal: labels !== undefined }); // prettier-ignore
  }

  /** Whether a stage that runs reads the column. */
  private isRead(column: string, writer: string): boolean {
    return this.plan.instances.some(
      (instance) =>
        !instance.values && readColumns(instance).includes(column) && (instance.inputs[column] ?? null) === writer,
    );
  }

  private sql(instance: EngineInstance): void {
    const { stage } = instance;
    const entity = this.entity(stage.entity);
    const parsed = this.statements.get(stage.name);
    if (!parsed) throw new DomainError("invalid", `Stage ${stage.name} has no statement.`);
    const visible = new Map(
      visibleColumns(stage, entity, this.timed(entity)).map(({ name, column }): [string, SparkExpression] => {
        const placed = stage.inputs.includes(column) ? this.read(instance, column) : this.own(column, null);
        return [name, { sql: placed.name, type: placed.type }];
      }),
    );
    const made = [...translateProjection(parsed, visible)];
    const columns = stage.outputs.map(({ column, type }) => {
      const bare = splitColumn(column)[1].toLowerCase();
      const found = made.find(([name]) => name.toLowerCase() === bare)?.[1];
      const name = this.fresh();
      this.columnsOf(entity.name).set(keyOf(column, instance.key), { column, type, name, ok: null, isNominal: false });
      return { as: name, sql: `CAST(${found?.sql ?? "NULL"} AS ${SPARK_TYPES[type]})` };
    });
    this.steps.push({ step: "sql", ...this.named(instance), columns });
  }

  private named({ key, stage }: EngineInstance) {
    return { instance: key, stage: stage.name, operator: operatorName(stage), frame: stage.entity };
  }

  private operator(instance: EngineInstance): void {
    const { stage } = instance;
    const found = sparkOperatorOf(stage);
    if (!found)
      throw new DomainError("unsupported", `Stage ${stage.name}: the spark engine does not run ${operatorName(stage)}.`); // prettier-ignore
    const isFitted = instance.fit?.fitted !== undefined;
    const compiled = found.operator.compile({
      stage,
      params: found.params,
      inputs: stage.inputs.map((column) => this.read(instance, column)),
      fitInputs: isFitted ? [] : (stage.fitInputs ?? []).map((column) => this.read(instance, column)),
      fresh: this.fresh,
    });
    const rows = isFitted || !compiled.fit ? null : this.fitRows(instance);
    this.steps.push({
      step: "operator",
      ...this.named(instance),
      ...compiled.step,
      fit: rows && compiled.fit && { ...rows, ...compiled.fit },
      saved: compiled.fit ? this.places.savedBy(instance) : null,
    });
    compiled.outputs.forEach((output, i) => {
      const { column, type } = stage.outputs[i] ?? { column: "", type: "double" as const };
      this.columnsOf(stage.entity).set(keyOf(column, instance.key), { column, type, ...output });
    });
  }

  /** Condition on the rows that an estimator is fitted on, and what they are in words. */
  private fitRows({ stage, fit }: EngineInstance): { rows: string; words: string } {
    const entity = this.entity(stage.entity);
    const split = fit?.split ?? null;
    const problem = split && whyNoSplit(split.policy, (column) => this.types.get(`${entity.name}.${column}`)?.type);
    if (problem) throw new DomainError("unsupported", `Stage ${stage.name} is fitted by ${problem}.`);
    const time = this.timed(entity) ? this.own(`${entity.name}.${entity.eventTime}`, null).name : null;
    const rows = splitSql(split, { time, column: (name) => this.own(`${entity.name}.${name}`, null).name });
    const words = split
      ? `part ${split.parts.join(", ")} of split policy ${split.policy.name} selects none of the rows of ${entity.name}`
      : `${entity.name} has no rows`;
    return { rows, words };
  }

  /** Keys, event time and whatever is read when every stage has run. */
  private outputs(): Pick<CompiledVariant, "outputs" | "written"> {
    const outputs = new Map<string, SparkOutput>();
    const written = new Map<string, Record<string, string>>();
    for (const { column, instance } of resultColumns(this.plan)) {
      const writer = this.plan.instances.find(({ key }) => key === instance);
      if (!writer || writer.values || written.get(writer.key)?.[column] !== undefined) continue;
      const [name] = splitColumn(column);
      const output = outputs.get(name) ?? this.output(this.entity(name));
      outputs.set(name, output);
      const placed = this.own(column, writer.key);
      output.columns.push({
        as: placed.name,
        ...(placed.type === "vector" ? { sql: placed.ok ?? "true", vector: placed.name } : { sql: placed.name }),
      });
      written.set(writer.key, { ...written.get(writer.key), [column]: placed.name });
    }
    return { outputs: [...outputs.values()], written };
  }

  private output(entity: EntityDefinition): SparkOutput {
    return {
      frame: entity.name,
      folder: this.places.outputOf(entity.name),
      columns: this.identity(entity).map((name) => ({
        as: name,
        sql: sparkName(this.own(`${entity.name}.${name}`, null).name),
      })),
    };
  }
}

const SPARK_TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOLEAN",
  bigint: "BIGINT",
  double: "DOUBLE",
  string: "STRING",
  date: "DATE",
  timestamp: "TIMESTAMP_NTZ",
  vector: "ARRAY<DOUBLE>",
  strings: "ARRAY<STRING>",
};
