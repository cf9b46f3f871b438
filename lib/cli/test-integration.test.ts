import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { runCommand } from "./run-program.test-support";
import type { TestCase } from "./test-report";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-integration-test-"));
const specs = path.join(folder, "specs");

const SPECS = `
{ kind: Workspace, name: shop }
---
{ kind: Entity, name: person, joinKeys: [{ name: id, type: bigint }] }
---
kind: Source
name: people
entity: person
format: csv
location: people.csv
columns: [{ name: id, type: bigint }, { name: x, type: double }, { name: buys, type: bigint }]
rowKey: [id]
rules:
  - { type: expect_table_row_count_to_equal, kwargs: { value: 600 }, severity: critical }
  - { type: expect_column_values_to_be_between, kwargs: { column: x, min_value: 0 }, severity: critical }
  - { type: expect_column_values_to_be_between, kwargs: { column: x, max_value: 0.5 }, severity: warning }
---
{ kind: SplitPolicy, name: by_id, type: hash, algo: md5-32, key: id, salt: a, buckets: 100, parts: { train: [[0, 70]], test: [[70, 100]] } }
---
{ kind: Stage, name: vector, entity: person, transformer: VectorAssembler, inputs: [person.x], outputs: [{ column: person.v, type: vector }] }
---
{ kind: Stage, name: scaled, entity: person, estimator: MinMaxScaler, inputs: [person.v], outputs: [{ column: person.s, type: vector }] }
---
{ kind: Stage, name: scaled_before, entity: person, estimator: MinMaxScaler, fit: { rows: all }, inputs: [person.v], outputs: [{ column: person.s, type: vector }] }
---
{ kind: Stage, name: model, entity: person, estimator: LogisticRegression, class: supervised, inputs: [person.s], fitInputs: [person.buys], outputs: [{ column: person.p, type: double }] }
---
{ kind: Stage, name: nothing, entity: person, transformer: sql, inputs: [person.x], outputs: [{ column: person.none, type: double }], params: { statement: "SELECT *, CASE WHEN x > 99 THEN x END AS none FROM __THIS__" } }
---
{ kind: Pipeline, name: buying, outputs: [person.p], fit: { split: by_id, parts: [train] }, evaluate: { split: by_id, test: [test], label: person.buys, model: buyers, unit: [id] } }
---
{ kind: Pipeline, name: empty, outputs: [person.none] }
`;

beforeAll(() => {
  mkdirSync(specs);
  writeFileSync(path.join(specs, "shop.yaml"), SPECS);
  const random = seededRandom(7);
  const lines = Array.from({ length: 600 }, (_, id) => {
    const buys = random() < 0.4 ? 1 : 0;
    return [id, (buys / 2 + random()).toFixed(4), buys].join(",");
  });
  writeFileSync(path.join(specs, "people.csv"), ["id,x,buys", ...lines].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tributary = (...args: string[]) => runCommand(folder, ["test", "specs", ...args]);
const casesOf = (stdout: string) =>
  (JSON.parse(stdout) as { integration: TestCase[] }).integration.map(
    ({ subject, name, outcome, lines }) =>
      `${outcome} ${subject}: ${name}${lines[0] ? ` | ${lines[0].slice(0, 60)}` : ""}`,
  );

describe("tributary test --integration", () => {
  it("runs every variant on all rows, and fails for what leaks and for what has no value", async () => {
    const { code, stdout } = await tributary("--integration", "--json");
    expect(casesOf(stdout)).toEqual([
      "passed people: is read as declared | All 600 rows are tried.",
      "passed workspace shop: is applied to an empty workspace",
      "passed people: people: row count equals (value 600)",
      "passed people: people: x: values are at least 0",
      expect.stringMatching(/^passed people: people: x: values are at most 0\.5 \| warning: \d+ unexpected/),
      "passed buying: is planned | 2 variants.",
      expect.stringMatching(/^passed buying: variant 0 runs \| test: .*auc 0\.\d+/),
      "passed buying: variant 0 writes person@buying | 600 rows.",
      expect.stringMatching(/^passed buying: variant 0: the test score of buyers 1 can be trusted/),
      expect.stringMatching(/^passed buying: variant 1 runs/),
      "passed buying: variant 1 writes person@buying | 600 rows.",
      "failed buying: variant 1: the test score of buyers 2 can be trusted | The test score cannot be trusted. `scaled_before` was fitted",
      "passed empty: is planned | 1 variant.",
      "passed empty: variant 0 runs",
      "failed empty: variant 0 writes person@empty | none has no value in any of 600 rows.",
    ]);
    expect(code).toBe(1);
  });

  it("tries a sample, by which no number of rows is judged, of a file in the place of a table, and reports to CI servers", async () => {
    const table = SPECS.replace("format: csv\nlocation: people.csv", "format: postgres\nconnection: shop_db\ntable: people");
    mkdirSync(path.join(folder, "table"));
    writeFileSync(path.join(folder, "table", "shop.yaml"), table);
    const refused = await runCommand(folder, ["test", "table", "--integration"]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("reads a table by connection shop_db, which only a server knows. Give its rows as --source people=FILE."); // prettier-ignore

    const junit = path.join(folder, "report.xml");
    const given = ["--source", "people=specs/people.csv", "--rows", "200", "--junit", junit];
    const { stdout } = await runCommand(folder, ["test", "table", "--integration", ...given]);
    expect(stdout).toMatch(/A sample of (1[5-9]\d|2[0-4]\d) of 600 rows is tried\./);
    expect(stdout).toMatch(/2 failed, \d+ passed, 1 skipped\./);
    const report = readFileSync(junit, "utf8");
    expect(report).toMatch(/<testsuite name="people" tests="4" failures="0" skipped="1"/);
    expect(report).toContain('<skipped message="Only a sample of the rows is tried."/>');
    expect(report).toMatch(/<testcase classname="empty" name="variant 0 writes person@empty"[^>]*>\n *<failure message="none has no value/); // prettier-ignore
    // Nothing was written where a registry would be.
    expect(existsSync(path.join(folder, "data"))).toBe(false);
  });

  it.each([
    [["--rows", "10"], /--rows and --source belong to test --integration/],
    [["--integration", "--rows", "0"], /--rows must be a whole number from 1, not 0/],
    [["--integration", "--source", "people"], /--source must be NAME=FILE/],
    [["--integration", "--source", "people=people.xlsx"], /the file must be one of csv, tsv/],
  ])("refuses %j with 2", async (args, said) => {
    expect(await tributary(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(said) as string });
  });
}); // prettier-ignore
