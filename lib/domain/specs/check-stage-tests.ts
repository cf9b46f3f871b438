import { type ColumnType, splitColumn } from "../definitions/column-type";
import { type StageDefinition, stageKind } from "../definitions/stage";
import type { StageTest, TestRow } from "../definitions/stage-test";
import type { Finding, SpecIndex } from "./spec-index";
import type { SpecPath } from "./placed-definition";
import { nearest } from "../names/nearest-name";
import { identityColumns, type TestColumn, testColumns, type TestSurroundings } from "../stage-tests/test-columns";
import { isValueOf } from "../stage-tests/test-values";

/** What is wrong with a stage's tests: columns that it neither reads nor writes, values of another type, outputs that nobody expects. */
export function testFindings(stage: StageDefinition, index: SpecIndex): Finding[] {
  const surroundings: TestSurroundings = {
    entity: (name) => index.get("Entity", name),
    typeOf: (column) => index.typeOf(column),
  };
  // Without its entities nothing can be said of their rows, and that they are missing is said already.
  if (!surroundings.entity(stage.entity) || !surroundings.entity(stage.from ?? stage.entity)) return [];
  return (stage.tests ?? []).flatMap((test, position) =>
    findingsOf(stage, test, surroundings).map((finding) => ({
      ...finding,
      path: ["tests", position, ...finding.path],
    })),
  );
}

function findingsOf(stage: StageDefinition, test: StageTest, surroundings: TestSurroundings): Finding[] {
  const isEstimator = stageKind(stage) === "estimator";
  const labelled = isEstimator && test.fit === undefined;
  const findings = givenFindings(test, "rows", testColumns(stage, surroundings, labelled));
  if (test.fit && !isEstimator)
    findings.push({
      path: ["fit"],
      message: `test \`${test.name}\`: a transformer is not fitted, so its tests have no rows to fit on.`,
      expected: "no fit",
      found: "fit",
    });
  else if (test.fit) findings.push(...givenFindings(test, "fit", testColumns(stage, surroundings, true)));
  return [...findings, ...expectFindings(stage, test, surroundings)];
}

function givenFindings(test: StageTest, role: "rows" | "fit", allowed: Map<string, TestColumn[]>): Finding[] {
  const findings: Finding[] = [];
  const given = test[role] ?? {};
  for (const entity of Object.keys(given)) {
    if (allowed.has(entity)) continue;
    const expected = [...allowed.keys()];
    findings.push({
      path: [role, entity],
      message: `test \`${test.name}\`: the stage reads no rows of ${entity}.`,
      expected: `rows of ${expected.join(", ")}`,
      found: entity,
    });
  }
  for (const [entity, columns] of allowed) {
    const rows = given[entity] ?? [];
    const said = new Set(rows.flatMap((row) => Object.keys(row)));
    // A stage may well be tested on no rows at all; it is rows without what the stage reads that are a typing error.
    const unsaid = columns.filter(({ name, isRead }) => isRead && !said.has(name));
    if (rows.length > 0 || !(entity in given))
      for (const { name } of unsaid)
        findings.push({
          path: entity in given ? [role, entity] : [role],
          message: `test \`${test.name}\`: no row says ${entity}.${name}, which the stage reads. Write null where it is missing.`,
          expected: name,
          found: said.size > 0 ? [...said].join(", ") : "no rows",
        });
    rows.forEach((row, index) =>
      findings.push(...rowFindings(test.name, row, [role, entity, index], columns, `${entity} has here`)),
    );
  }
  return findings;
}

function rowFindings(
  test: string,
  row: TestRow,
  path: SpecPath,
  columns: readonly { name: string; type: ColumnType | undefined }[],
  who: string,
): Finding[] {
  const known = new Map(columns.map((column) => [column.name, column.type]));
  return Object.entries(row).flatMap(([name, value]): Finding[] => {
    if (!known.has(name)) {
      const near = nearest(name, known.keys());
      return [
        {
          path: [...path, name],
          message: `test \`${test}\`: \`${name}\` is no column that ${who}.${near ? ` Did you mean \`${near}\`?` : ""}`,
          expected: `one of ${[...known.keys()].join(", ")}`,
          found: name,
        },
      ];
    }
    const type = known.get(name);
    if (type === undefined || isValueOf(type, value)) return [];
    return [
      {
        path: [...path, name],
        message: `test \`${test}\`: \`${name}\` is ${type}, and this is no value of it.`,
        expected: type,
        found: JSON.stringify(value),
      },
    ];
  });
}

function expectFindings(stage: StageDefinition, test: StageTest, surroundings: TestSurroundings): Finding[] {
  if (!test.expect) return [];
  const entity = surroundings.entity(stage.entity);
  const identity = entity ? identityColumns(entity, surroundings) : [];
  const outputs = stage.outputs.map(({ column, type }) => ({ name: splitColumn(column)[1], type }));
  const needed = [...(stage.from === undefined ? [] : identity), ...outputs];
  const findings = test.expect.flatMap((row, index) => [
    ...rowFindings(test.name, row, ["expect", index], [...identity, ...outputs], `${stage.entity} has here`),
    ...needed
      .filter(({ name }) => !(name in row))
      .map(({ name, type }) => ({
        path: ["expect", index],
        message: `test \`${test.name}\`: row ${index + 1} does not say \`${name}\`, ${outputs.some((one) => one.name === name) ? "which the stage writes" : "by which rows are told apart"}. Write null where it is missing.`,
        expected: `${name}, ${type}`,
        found: Object.keys(row).join(", ") || "nothing",
      })),
  ]);
  const given = test.rows[stage.from ?? stage.entity]?.length ?? 0;
  if (stage.from === undefined && test.expect.length !== given)
    findings.push({
      path: ["expect"],
      message: `test \`${test.name}\`: the stage keeps every row, so each row needs its expected one.`,
      expected: `${given} rows`,
      found: `${test.expect.length} rows`,
    });
  return findings;
}
