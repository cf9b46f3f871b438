import { type ColumnType, splitColumn } from "../definitions/column-type";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { StageDefinition } from "../definitions/stage";
import { nearest } from "../names/nearest-name";
import { SLICED_TYPES } from "../outcomes/slices";

/** Why rows cannot be sliced by a feature, with the member that asks for it. */
export interface SliceProblem {
  path: (string | number)[];
  message: string;
  expected: string;
  found: string;
}

/** What is declared of columns. */
export interface SliceableColumns {
  /** Undefined for a column that nobody writes. */
  typeOf(column: string): ColumnType | undefined;
  /** Whether the rows have it when they are judged. */
  isAvailable(column: string): boolean;
  /** Columns to suggest in the place of one that nobody writes. */
  columns(): Iterable<string>;
}

/** What keeps the judged rows from being cut by features: each must be a column of the same rows that is neither label nor prediction. */
export function sliceProblems(
  slices: readonly string[],
  { label, prediction, path }: { label: string; prediction: string | null; path: (string | number)[] },
  { typeOf, isAvailable, columns }: SliceableColumns,
): SliceProblem[] {
  const [entity] = splitColumn(label);
  const types = `a feature of ${entity} of type ${SLICED_TYPES.join(", ")}`;
  return slices.flatMap((column, position): SliceProblem[] => {
    const refuse = (message: string, expected: string) => [
      { path: [...path, position], message, expected, found: column },
    ];
    if (column === label)
      return refuse(`\`${column}\` is the label itself: rows are sliced by what is known of them beside it.`, types);
    if (column === prediction) return refuse(`\`${column}\` is the prediction that is judged.`, types);
    const type = typeOf(column);
    if (type === undefined) {
      const near = nearest(column, [...columns()]);
      return refuse(`nothing writes \`${column}\`.${near ? ` Did you mean \`${near}\`?` : ""}`, types);
    }
    const [owner] = splitColumn(column);
    if (owner !== entity)
      return refuse(
        `\`${column}\` is of ${owner}, and rows of ${entity} are judged. Bring it to them by a stage of ${entity}, and slice by what that writes.`,
        types,
      );
    if (!SLICED_TYPES.includes(type))
      return refuse(`\`${column}\` is ${type}, whose values make no slices of rows.`, types);
    if (!isAvailable(column))
      return refuse(
        `\`${column}\` is not on the rows that are judged: no stage on the way to the outputs writes it. Add it to \`outputs\`.`,
        types,
      );
    return [];
  });
}

/** Columns that a pipeline's stages may write on the way to its outputs and its label. */
export function columnsOnTheWay(
  { outputs, evaluate }: Pick<PipelineDefinition, "outputs" | "evaluate">,
  writersOf: (column: string) => readonly StageDefinition[],
): Set<string> {
  const reached = new Set<string>();
  const seen = new Set<string>();
  const open = [...outputs, ...(evaluate ? [evaluate.label] : [])];
  for (let column = open.pop(); column !== undefined; column = open.pop()) {
    reached.add(column);
    for (const stage of writersOf(column)) {
      if (seen.has(stage.name)) continue;
      seen.add(stage.name);
      for (const output of stage.outputs) reached.add(output.column);
      open.push(...stage.inputs, ...(stage.fitInputs ?? []));
    }
  }
  return reached;
}
