import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "./run-program.test-support";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-stage-tests-"));
const specs = path.join(folder, "specs");

/** With a database that is none. */
const tributary = (...args: string[]) =>
  runCommand(folder, ["test", ...args], { DATABASE_URL: "postgresql://127.0.0.1:9/none" });

beforeAll(() => cpSync("prisma/demo", specs, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("tributary test", () => {
  it("passes the demo's tests", async () => {
    const outcome = await tributary("specs");
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/airport_fill\n {2}pass the mean of the rows it was fitted on/);
    expect(outcome.stdout).not.toContain("FAIL");
  });

  it("says of each row and column what was expected and what was found, and ends with 1", async () => {
    const file = path.join(specs, "stages-flight.yaml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace("distance < 250", "distance < 240").replace("delay > 15", "delay >= 15"));
    try {
      const text = await tributary("specs", "--junit", "report.xml");
      expect(text.code).toBe(1);
      expect(text.stdout).toContain(
        [
          "flight_route",
          "  FAIL a band begins at its lower bound",
          '       row 2: distance_band expected "commuter", found "short"',
        ].join("\n"),
      );
      expect(text.stdout).toContain("row 1: is_late expected false, found true");
      expect(text.stdout).toMatch(/2 failed, \d+ passed\./);
      const xml = readFileSync(path.join(folder, "report.xml"), "utf8");
      expect(xml).toMatch(/<testsuite name="flight_route" tests="1" failures="1"/);
      expect(xml).toContain(
        '<failure message="row 2: distance_band expected &quot;commuter&quot;, found &quot;short&quot;">',
      );
      const json = await tributary("specs", "--stage", "flight_label", "--json");
      expect(json.code).toBe(1);
      expect(JSON.parse(json.stdout)).toMatchObject({
        passed: 0,
        failed: 1,
        results: [{ stage: "flight_label", passed: false, error: null, differences: [{ row: "row 1", column: "is_late", expected: false, found: true }] }], // prettier-ignore
      });
    } finally {
      writeFileSync(file, before);
    }
  });

  it("fails where a stage cannot run, where it should refuse and does not, and for rows that are missing or too many", async () => {
    const stage = (name: string, statement: string, tests: unknown) => ({
      kind: "Stage",
      name,
      entity: "shop",
      from: "sale",
      transformer: "sql",
      inputs: ["sale.shop", "sale.amount"],
      outputs: [{ column: `shop.${name}`, type: "double" }],
      params: { statement },
      tests,
    });
    const sum = (name: string) => `SELECT shop AS name, sum(amount) AS ${name} FROM __THIS__ GROUP BY 1`;
    const rows = [
      { shop: "a", amount: 1.5 },
      { shop: "b", amount: "NaN" },
    ];
    const documents = [
      { kind: "Workspace", name: "w" },
      { kind: "Entity", name: "shop", joinKeys: [{ name: "name", type: "string" }] },
      { kind: "Entity", name: "sale", joinKeys: [{ name: "id", type: "bigint" }] },
      {
        kind: "Source",
        name: "sales",
        entity: "sale",
        format: "csv",
        location: "sales.csv",
        columns: [
          { name: "id", type: "bigint" },
          { name: "shop", type: "string" },
          { name: "amount", type: "double" },
        ],
        rowKey: ["id"],
      },
      stage("right", sum("right"), [{ name: "NaN is NaN", rows, expect: [{ name: "b", right: "NaN" }, { name: "a", right: 1.5 }] }]), // prettier-ignore
      stage("rows", sum("rows"), [{ name: "other rows", rows, expect: [{ name: "a", rows: 1.5 }, { name: "c", rows: 2 }] }]), // prettier-ignore
      stage("broken", "SELECT nothing FROM __THIS__", [
        { name: "runs", rows, expect: [{ name: "a", broken: 1 }] },
        { name: "refused", rows, error: "does not fit the columns" },
      ]),
      stage("willing", sum("willing"), [{ name: "should refuse", rows, error: "no rows of b" }]),
    ];
    writeFileSync(path.join(folder, "sales.json"), JSON.stringify(documents));
    const { code, stdout } = await tributary("sales.json");
    expect(code).toBe(1);
    expect(stdout).toContain("pass NaN is NaN");
    expect(stdout).toContain('name "c": missing, expected {"rows":2}');
    expect(stdout).toContain('name "b": unexpected row, found {"rows":"NaN"}');
    expect(stdout).toMatch(/FAIL runs\n {7}.*does not fit the columns it declares as inputs/);
    expect(stdout).toContain("pass refused");
    expect(stdout).toContain("The stage took the rows. It should have refused them with: no rows of b");
    expect(stdout).toContain("3 failed, 2 passed.");
  });

  it.each([
    [["specs", "--stage", "flight_labels"], 1, /no stage flight_labels in specs\. Did you mean flight_label\?/],
    [["nowhere"], 1, /There is no nowhere/],
    [[], 2, /test needs a folder/],
    [["specs", "--stages", "x"], 2, /Unknown option '--stages'/],
  ])("%j ends with %i", async (args, code, message) => {
    const outcome = await tributary(...args);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(message);
  });

  it("tests nothing where the specs have errors, and says where", async () => {
    writeFileSync(path.join(folder, "wrong.yaml"), "kind: Stage\nname: x\ntests: [{ name: t, rows: [] }]\n");
    const { code, stderr } = await tributary("wrong.yaml");
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.yaml:3: .*expect or error/);
    expect(stderr).toContain("Nothing was tested.");
  });
});
