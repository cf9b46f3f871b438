import { describe, expect, it } from "vitest";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { checkSpecs } from "@/lib/domain/specs/check";
import { specDifference } from "@/lib/domain/specs/difference";
import { parseSpecs } from "./spec-documents";
import { writeSpecFiles } from "./spec-documents-write";

const WORLD = `
kind: Workspace
name: w
---
{ kind: Entity, name: trip, joinKeys: [{ name: id, type: bigint }], eventTime: at, relations: [{ name: start, entity: stop, by: from_stop }] }
---
{ kind: Entity, name: stop, joinKeys: [{ name: code, type: string }] }
---
{ kind: Source, name: trips, entity: trip, format: csv, location: trips.csv, rowKey: [id], timeColumn: at, columns: [{ name: id, type: bigint }, { name: at, type: timestamp }, { name: from_stop, type: string }, { name: km, type: double }] }
---
{ kind: Source, name: stops, entity: stop, format: csv, location: stops.csv, rowKey: [code], columns: [{ name: code, type: string }, { name: zone, type: bigint }] }
---
`;
const far = (tests: string) =>
  `{ kind: Stage, name: far, entity: trip, transformer: sql, inputs: [trip.km, stop.zone], outputs: [{ column: trip.is_far, type: boolean }], params: { statement: "SELECT *, km > 5 AS is_far FROM __THIS__" }, tests: ${tests} }`;
const fill = (tests: string) =>
  `{ kind: Stage, name: fill, entity: trip, estimator: Imputer, inputs: [trip.km], outputs: [{ column: trip.km_filled, type: double }], tests: ${tests} }`;
const total = (tests: string) =>
  `{ kind: Stage, name: total, entity: stop, from: trip, transformer: sql, inputs: [trip.from_stop, trip.km], outputs: [{ column: stop.km, type: double }], params: { statement: "SELECT from_stop AS code, sum(km) AS km FROM __THIS__ GROUP BY 1" }, tests: ${tests} }`;

function issuesOf(stage: string): string[] {
  const { definitions, unreadable, issues } = parseSpecs(WORLD + stage);
  return [...issues, ...checkSpecs(definitions, unreadable).errors].map(
    ({ message, expected, line }) => `${line}: ${message} (${expected})`,
  );
}
const GIVEN = `rows: { trip: [{ km: 1, from_stop: A }], stop: [{ code: A, zone: 1 }] }`;

describe("tests of stages", () => {
  it.each([
    ["several entities", far(`[{ name: t, ${GIVEN}, expect: [{ is_far: false }] }]`)],
    ["rows to fit on", fill(`[{ name: t, fit: [{ km: 3 }], rows: [{ km: null }], expect: [{ km_filled: 3 }], tolerance: 0.1 }]`)], // prettier-ignore
    ["an aggregation", total(`[{ name: t, rows: [{ from_stop: A, km: .nan }], expect: [{ code: A, km: NaN }] }]`)],
    ["a refusal", fill(`[{ name: t, rows: [], error: nothing to fit on }]`)],
  ])("takes %s", (_, stage) => expect(issuesOf(stage)).toEqual([]));

  it.each([
    ["neither expect nor error", far(`[{ name: t, ${GIVEN} }]`), /expect or error, one of them/],
    ["both", far(`[{ name: t, ${GIVEN}, expect: [{ is_far: true }], error: no }]`), /expect or error, one of them/],
    ["two of one name", fill(`[{ name: t, rows: [], error: a }, { name: t, rows: [], error: b }]`), /given twice/],
    ["a strange column", far(`[{ name: t, rows: { trip: [{ kn: 1, km: 1, from_stop: A }], stop: [{ zone: 1 }] }, expect: [{ is_far: false }] }]`), /`kn` is no column that trip has here. Did you mean `km`\?/], // prettier-ignore
    ["a strange entity", far(`[{ name: t, rows: { trip: [{ km: 1, from_stop: A }], stop: [], city: [] }, expect: [{ is_far: false }] }]`), /reads no rows of city/], // prettier-ignore
    ["an input that no row says", far(`[{ name: t, rows: [{ from_stop: A, km: 1 }], expect: [{ is_far: false }] }]`), /no row says stop.zone/], // prettier-ignore
    ["another type", far(`[{ name: t, rows: { trip: [{ km: long, from_stop: A }], stop: [{ zone: 1 }] }, expect: [{ is_far: false }] }]`), /`km` is double, and this is no value of it/], // prettier-ignore
    ["an output that is not expected", total(`[{ name: t, rows: [{ from_stop: A, km: 1 }], expect: [{ code: A }] }]`), /row 1 does not say `km`, which the stage writes/], // prettier-ignore
    ["no key", total(`[{ name: t, rows: [{ from_stop: A, km: 1 }], expect: [{ km: 1 }] }]`), /does not say `code`, by which rows are told apart/], // prettier-ignore
    ["too few rows", fill(`[{ name: t, rows: [{ km: 1 }, { km: 2 }], expect: [{ km_filled: 1 }] }]`), /keeps every row.*2 rows/], // prettier-ignore
    ["rows to fit a transformer on", total(`[{ name: t, fit: [], rows: [{ from_stop: A, km: 1 }], expect: [{ code: A, km: 1 }] }]`), /a transformer is not fitted/], // prettier-ignore
    ["another type that comes out", far(`[{ name: t, ${GIVEN}, expect: [{ is_far: "no" }] }]`), /`is_far` is boolean/],
  ])("refuses %s", (_, stage, message) => {
    const issues = issuesOf(stage);
    expect(issues).toEqual([expect.stringMatching(message)]);
    expect(issues[0]).toMatch(/^1[0-9]: /);
  });

  it("are written as they were read, and make no new version", () => {
    const read = (text: string) => parseSpecs(text).definitions.map(({ definition }) => definition);
    const one = read(WORLD + far(`[{ name: t, ${GIVEN}, expect: [{ is_far: false }] }]`));
    const stage = one.find((definition): definition is StageDefinition => definition.kind === "Stage");
    expect(stage?.tests?.[0]?.rows).toEqual({ trip: [{ km: 1, from_stop: "A" }], stop: [{ code: "A", zone: 1 }] });
    expect(specDifference(one, parseSpecs(writeSpecFiles(one)).definitions.map(({ definition }) => definition), true).differences).toEqual([]); // prettier-ignore
    const other = read(WORLD + far(`[{ name: t, ${GIVEN}, expect: [{ is_far: true }] }]`));
    expect(specDifference(one, other, true).differences).toMatchObject([
      { name: "far", action: "change", changes: [{ path: "tests[0].expect[0].is_far", before: false, after: true }] },
    ]);
  });
});
