import { splitColumn } from "../definitions/column-type";
import type { EntityDefinition } from "../definitions/entity";
import type { StageDefinition } from "../definitions/stage";
import type { StageTest, TestRow } from "../definitions/stage-test";
import type { TestDifference } from "./stage-test-result";
import { identityColumns, type TestSurroundings } from "./test-columns";
import { identityText, isExpected, reportable } from "./test-values";

/** What came out against what was expected, in the order of the expected rows; `given` are the rows of the stage's entity with their keys. */
export function compareTestRows(
  stage: StageDefinition,
  test: StageTest,
  entity: EntityDefinition,
  surroundings: Pick<TestSurroundings, "typeOf">,
  given: readonly TestRow[],
  found: readonly Record<string, unknown>[],
): TestDifference[] {
  const identity = identityColumns(entity, surroundings);
  const outputs = stage.outputs.map(({ column, type }) => ({ name: splitColumn(column)[1], type }));
  const aggregates = stage.from !== undefined;
  const keyOf = (row: Record<string, unknown>) =>
    identity.map(({ name, type }) => identityText(type, row[name])).join("\n");
  const waiting = new Map<string, Record<string, unknown>[]>();
  for (const row of found) waiting.set(keyOf(row), [...(waiting.get(keyOf(row)) ?? []), row]);
  const nameOf = (row: Record<string, unknown>) =>
    identity.map(({ name }) => `${name} ${JSON.stringify(reportable(row[name]))}`).join(", ");
  const valuesOf = (row: Record<string, unknown>) =>
    Object.fromEntries(outputs.map(({ name }) => [name, reportable(row[name])]));

  const differences: TestDifference[] = [];
  (test.expect ?? []).forEach((expected, index) => {
    const placed = aggregates ? expected : { ...given[index], ...expected };
    const row = aggregates ? nameOf(placed) : `row ${index + 1}`;
    const answer = waiting.get(keyOf(placed))?.shift();
    if (!answer) {
      differences.push({ row, column: null, expected: valuesOf(expected), found: null });
      return;
    }
    for (const { name, type } of outputs)
      if (!isExpected(type, expected[name], answer[name], test.tolerance))
        differences.push({
          row,
          column: name,
          expected: reportable(expected[name]),
          found: reportable(answer[name]),
        });
  });
  for (const row of [...waiting.values()].flat())
    differences.push({ row: nameOf(row), column: null, expected: null, found: valuesOf(row) });
  return differences;
}
