import { partNames } from "../definitions/split-rule";
import type { ColumnType } from "../definitions/column-type";
import type { Definition, DefinitionKind } from "../definitions/definition";
import type { Issue } from "../errors";
import type { PlacedDefinition, SpecPath, UnreadableDefinition } from "./placed-definition";
import { nearest } from "../names/nearest-name";

type Of<Kind extends DefinitionKind> = Extract<Definition, { kind: Kind }>;

/** A source or stage that writes a column. */
export interface Writer {
  placed: PlacedDefinition;
  type: ColumnType;
  /** Where the type is said. */
  path: SpecPath;
}

/** Everything that is declared, for looking up what one definition says of another. */
export class SpecIndex {
  private readonly byKind = new Map<DefinitionKind, Map<string, PlacedDefinition>>();
  private readonly writersOf = new Map<string, Writer[]>();
  private written: ReadonlySet<string> | null = null;
  private readonly doubtful: readonly UnreadableDefinition[];
  /** Set when a document could not even be named: anything may be in it. */
  private readonly opaque: boolean;

  constructor(
    readonly objects: readonly PlacedDefinition[],
    unreadable: readonly UnreadableDefinition[],
  ) {
    this.doubtful = unreadable;
    this.opaque = unreadable.some(({ name }) => name === undefined);
    for (const placed of objects) {
      const { kind, name } = placed.definition;
      const named = this.byKind.get(kind) ?? new Map<string, PlacedDefinition>();
      this.byKind.set(kind, named.has(name) ? named : named.set(name, placed));
      for (const [column, writer] of writersIn(placed)) {
        const writers = this.writersOf.get(column);
        if (writers) writers.push(writer);
        else this.writersOf.set(column, [writer]);
      }
    }
  }

  get<Kind extends DefinitionKind>(kind: Kind, name: string): Of<Kind> | undefined {
    return this.byKind.get(kind)?.get(name)?.definition as Of<Kind> | undefined;
  }

  all<Kind extends DefinitionKind>(kind: Kind): Of<Kind>[] {
    return [...(this.byKind.get(kind)?.values() ?? [])].map((placed) => placed.definition as Of<Kind>);
  }

  writers(column: string): readonly Writer[] {
    return this.writersOf.get(column) ?? [];
  }

  columns(): Iterable<[string, readonly Writer[]]> {
    return this.writersOf;
  }

  typeOf(column: string): ColumnType | undefined {
    return this.writersOf.get(column)?.[0]?.type;
  }

  /** Columns of stages that runs of a pipeline write: its outputs, and documented features on the way to them. */
  writtenColumns(): ReadonlySet<string> {
    if (this.written) return this.written;
    const declared = new Set(this.all("Feature").map(({ name }) => name));
    const pipelines = this.all("Pipeline");
    const outputs = new Set(pipelines.flatMap((pipeline) => pipeline.outputs));
    const reached = new Set<string>();
    const open = [...outputs, ...pipelines.flatMap(({ evaluate }) => evaluate?.label ?? [])];
    for (let column = open.pop(); column !== undefined; column = open.pop()) {
      if (reached.has(column)) continue;
      reached.add(column);
      for (const { placed } of this.writers(column))
        if (placed.definition.kind === "Stage")
          open.push(...placed.definition.inputs, ...(placed.definition.fitInputs ?? []));
    }
    return (this.written = new Set([...reached].filter((column) => outputs.has(column) || declared.has(column))));
  }

  /** True unless it is certain that nobody declares the object. */
  mayHave(kind: DefinitionKind, name: string): boolean {
    return (
      this.opaque ||
      this.byKind.get(kind)?.has(name) === true ||
      this.doubtful.some((one) => one.name === name && (one.kind === undefined || one.kind === kind))
    );
  }

  /** True unless it is certain that nobody writes the column. */
  mayWrite(column: string): boolean {
    return this.opaque || this.writersOf.has(column) || this.doubtful.some((one) => one.columns.includes(column));
  }

  /** Whether every document could be read, so that what is missing is missing. */
  get complete(): boolean {
    return this.doubtful.length === 0;
  }

  nearestName(kind: DefinitionKind, name: string): string | undefined {
    return nearest(name, this.byKind.get(kind)?.keys() ?? []);
  }

  nearestColumn(column: string): string | undefined {
    return nearest(column, this.writersOf.keys());
  }
}

function writersIn(placed: PlacedDefinition): [string, Writer][] {
  const { definition } = placed;
  if (definition.kind === "Source")
    return definition.columns.map((column, index) => [
      `${definition.entity}.${column.name}`,
      { placed, type: column.type, path: ["columns", index, "type"] },
    ]);
  if (definition.kind === "Stage")
    return definition.outputs.map((output, index) => [
      output.column,
      { placed, type: output.type, path: ["outputs", index, "type"] },
    ]);
  return [];
}

/** What a check says, without the place. */
export interface Finding {
  path: SpecPath;
  message: string;
  expected?: string;
  found?: string;
}

export function toIssue({ definition, locate, given }: PlacedDefinition, finding: Finding): Issue {
  const { path, message, ...rest } = finding;
  const where = given ? "" : " (in the registry)";
  return { ...locate(path), message: `${definition.kind} ${definition.name}${where}: ${message}`, ...rest };
}

/** Finding for a reference to something that nobody declares; none when it exists, or may. */
export function missingReference(index: SpecIndex, kind: DefinitionKind, name: string, path: SpecPath): Finding[] {
  if (index.mayHave(kind, name)) return [];
  const near = index.nearestName(kind, name);
  const known = index.all(kind).map((one) => one.name);
  return [
    {
      path,
      message: `there is no ${WORDS[kind]} \`${name}\`.${near ? ` Did you mean \`${near}\`?` : ""}`,
      expected: known.length > 0 && known.length <= 12 ? `one of ${known.join(", ")}` : `a declared ${WORDS[kind]}`,
      found: name,
    },
  ];
}

export function missingColumn(index: SpecIndex, column: string, path: SpecPath): Finding[] {
  if (index.mayWrite(column)) return [];
  const near = index.nearestColumn(column);
  return [
    {
      path,
      message: `nothing writes \`${column}\`.${near ? ` Did you mean \`${near}\`?` : ""}`,
      expected: "a column of a source or an output of a stage",
      found: column,
    },
  ];
}

/** Findings for parts of a split that it has not. */
export function missingParts(index: SpecIndex, split: string, parts: readonly string[], path: SpecPath): Finding[] {
  const policy = index.get("SplitPolicy", split);
  if (!policy) return [];
  const known = partNames(policy);
  return parts.flatMap((part, position) =>
    known.includes(part)
      ? []
      : [
          {
            path: [...path, position],
            message: `split policy \`${split}\` has no part \`${part}\`.`,
            expected: `one of ${known.join(", ")}`,
            found: part,
          },
        ],
  );
}

const WORDS: Record<DefinitionKind, string> = {
  Workspace: "workspace",
  Entity: "entity",
  Source: "source",
  Stage: "stage",
  Feature: "feature",
  FeatureView: "feature view",
  FeatureService: "feature service",
  SplitPolicy: "split policy",
  Pipeline: "pipeline",
  Model: "model",
  Monitor: "monitor",
};
