import type { Definition, DefinitionKind, DefinitionOf } from "@/lib/domain/definitions/definition";
import type { RunParams } from "@/lib/domain/runs/run-params";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { RowSet } from "@/lib/domain/leakage/types";

/**
 * The shapes of JSON columns. The database keeps any document, so that each shape is said here once: whoever writes the column
 * writes it from that type, and nobody else writes it.
 */
const stored = <Shape>(json: unknown): Shape => json as Shape;

/** A declared object as its spec said it. Written from parsed definitions when specs are applied. */
export function definitionOf<Kind extends DefinitionKind>(
  _kind: Kind,
  row: { definition: unknown },
): DefinitionOf<Kind> {
  return stored(row.definition);
}

/** The same where rows of every kind are listed. */
export const anyDefinitionOf = (row: { definition: unknown }): Definition => stored(row.definition);

/** What a run was asked to do. Written by `queueRun`. */
export const paramsOf = (run: { params: unknown }): RunParams => stored(run.params);

/** What an estimator learned. Written by `recordFits`. */
export const fittedModelOf = (fit: { model: unknown }): FittedModel => stored(fit.model);

/** The rows that an estimator is fitted on; null where nobody recorded them. */
export const rowSetOf = (row: { rowSet: unknown }): RowSet | null => stored(row.rowSet);

/** Files of a dataset version: those of outputs lie below the data folder. */
export const filesOf = (version: { files: unknown }): { path: string; sha256: string; bytes: number }[] =>
  stored(version.files);
