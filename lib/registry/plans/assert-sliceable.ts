import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { columnsOnTheWay, sliceProblems } from "@/lib/domain/plans/slice-problems";

interface Declared {
  sources: readonly SourceDefinition[];
  /** Stages that may run. */
  stages: readonly StageDefinition[];
}

interface Asked {
  slices: readonly string[];
  prediction: string | null;
  /** Where in the request the slices are. */
  path: (string | number)[];
}

/** Throws `invalid`, naming every feature by which the rows that the pipeline judges cannot be sliced. */
export function assertSliceable(
  pipeline: PipelineDefinition,
  { slices, prediction, path }: Asked,
  { sources, stages }: Declared,
): void {
  const { evaluate, name } = pipeline;
  if (!evaluate || slices.length === 0) return;
  const given = (column: string) =>
    sources
      .filter(({ entity }) => entity === splitColumn(column)[0])
      .flatMap(({ columns }) => columns)
      .find((one) => one.name === splitColumn(column)[1]);
  const written = (column: string) =>
    stages.filter((stage) => stage.outputs.some((output) => output.column === column));
  const writersOf = (column: string) => (given(column) ? [] : written(column));
  const reached = columnsOnTheWay(pipeline, writersOf);
  const issues = sliceProblems(
    slices,
    { label: evaluate.label, prediction, path },
    {
      typeOf: (column) =>
        given(column)?.type ?? written(column)[0]?.outputs.find((output) => output.column === column)?.type,
      isAvailable: (column) => given(column) !== undefined || reached.has(column),
      columns: () => [
        ...sources.flatMap(({ entity, columns }) => columns.map((one) => `${entity}.${one.name}`)),
        ...stages.flatMap(({ outputs }) => outputs.map(({ column }) => column)),
      ],
    },
  );
  if (issues.length === 0) return;
  throw new DomainError(
    "invalid",
    `Pipeline ${name} cannot be sliced so: ${issues.map(({ message }) => message).join(" ")}`,
    { issues },
  );
}
