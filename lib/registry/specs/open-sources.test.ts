import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/roles";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import { openSmallWorld, type SmallWorld } from "@/lib/engines/local/small-world.test-support";
import { openTestDatabase } from "@/test/open-test-database";
import { type DescribeSource, openSources } from "./open-sources";
import { applySpecs, exportSpecs, planSpecs } from "./specs";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
  await openTestDatabase();
  await applySpecs(SYSTEM, { documents: "{ kind: Workspace, name: shop }" });
});
afterAll(async () => {
  await closeDatabase();
  await world.close();
});

const having = (role: Role): Principal => ({
  id: role,
  name: role,
  kind: "user",
  bindings: [{ workspaceId: null, role }],
  requestId: "test",
});

function documents(csv: string | null, reading = "", format = "csv"): string {
  const location = join(world.folder, csv === null ? "absent.csv" : "sales.csv");
  if (csv !== null) writeFileSync(location, csv);
  return `kind: Entity
name: sale
joinKeys: [{ name: id, type: bigint }]
---
kind: Source
name: sales
entity: sale
format: ${format}
location: ${location}
${reading}
columns:
  - { name: id, type: bigint }
  - { name: amount, type: bigint }
rowKey: [id]
`;
}

const describeSource: DescribeSource = (_, source) => world.engine.describe(source);
const plan = (text: string, by: Principal = SYSTEM) => planSpecs(by, { workspace: "shop", documents: [{ file: "shop.yaml", text }] }, { describe: describeSource }); // prettier-ignore
const issuesOf = async (planned: Promise<unknown>): Promise<Issue[]> => {
  const error = await planned.then(() => null, (reason: unknown) => reason as DomainError); // prettier-ignore
  expect(error?.code).toBe("invalid");
  return error?.context.issues as Issue[];
};

describe("planning a source", () => {
  it("opens its file and says what does not fit, with the line of the column, before anything is applied", async () => {
    const text = documents("id,amount\n1,1.5\n");
    const line = text.split("\n").findIndex((one) => one.includes("amount")) + 1;
    const [issue] = await issuesOf(plan(text));
    expect(issue).toMatchObject({ file: "shop.yaml", line, expected: "bigint", found: "1.5" });
    expect(issue?.message).toMatch(/column amount has 1 value that is not bigint: 1\.5 in row 1/);
    const applied = applySpecs(
      SYSTEM,
      { workspace: "shop", documents: [{ file: "shop.yaml", text }] },
      { describe: describeSource },
    );
    expect(await issuesOf(applied)).toHaveLength(1);
    expect(JSON.stringify(await exportSpecs(SYSTEM, "shop"))).not.toContain("sales");
  });

  it("warns of a file that is not there, and of keys", async () => {
    expect((await plan(documents(null))).warnings).toMatchObject([{ file: "shop.yaml", message: /expects a file at/ }].map(({ file, message }) => ({ file, message: expect.stringMatching(message) as string }))); // prettier-ignore
    const twice = await plan(documents("id,amount\n1,1\n1,2\n"));
    expect(twice.warnings).toMatchObject([{ message: expect.stringMatching(/sales: 1 row repeats the key \(id\)/) as string }]); // prettier-ignore
  });

  it("keeps the reading of a source, and shows no values to those who may not declare one", async () => {
    const text = documents("id;amount\n1;1.000\n", 'reading: { delimiter: ";", thousands: "." , decimal: "," }');
    expect((await plan(text)).counts.create).toBe(2);
    await applySpecs(SYSTEM, { workspace: "shop", documents: text }, { describe: describeSource });
    const { files } = await exportSpecs(SYSTEM, "shop");
    expect(files.find(({ file }) => file === "sources.yaml")?.text).toContain("thousands: .");
    expect((await plan(text)).counts.unchanged).toBe(2);
    expect((await plan(documents("id,amount\n1,1.5\n"), having("viewer"))).warnings).toEqual([]);
  });

  it.each([
    ['{ delimiter: ";" }', "parquet", /`delimiter` says nothing of a parquet file/],
    ['{ thousands: "." , decimal: "." }', "csv", /are the same mark/],
    ['{ decimal: "5" }', "csv", /cannot be a letter, a digit or a sign/],
    ["{ timeZone: Mars/Olympus }", "csv", /nobody knows the time zone/],
    ['{ dateFormat: "dd/mm/yyyy" }', "csv", /is not a format/],
    ["{ encoding: klingon }", "csv", /encoding klingon, which is unknown/],
    ["{ epoch: hours }", "csv", /seconds/],
    ["{ sep: 1 }", "csv", /sep/],
  ])("refuses reading %s", async (reading, format, message) => {
    const issues = await issuesOf(plan(documents("id,amount\n1,1\n", `reading: ${reading}`, format)));
    expect(issues.map((issue) => `${issue.message} ${issue.expected ?? ""}`).join("\n")).toMatch(message);
  });
});

describe("what a plan waits for", () => {
  const source = (name: string) => ({ kind: "Source" as const, name, entity: "sale", format: "csv" as const, location: `${name}.csv`, columns: [], rowKey: [] }); // prettier-ignore
  const differences = ["a", "b", "c"].map((name) => ({ kind: "Source" as const, name, action: "create" as const, changes: [], before: null, after: source(name) })); // prettier-ignore

  it("is a minute for all sources together: of the others it says that they were not opened", async () => {
    let time = 0;
    const opened: string[] = [];
    const found = await openSources(
      { id: null, name: "shop" },
      { definitions: [] },
      differences,
      (_, { name }) => {
        opened.push(name);
        time += 40_000;
        return Promise.resolve({ warnings: [] });
      },
      () => time,
    );
    expect(opened).toEqual(["a", "b"]);
    expect(found.errors).toEqual([]);
    expect(found.warnings).toMatchObject([{ message: expect.stringMatching(/source c: .*not opened.*plan fewer/) as string }]); // prettier-ignore
  });

  it.each([
    ["too_many", true],
    ["unavailable", false],
  ] as const)(
    "is refused while the engine is busy, and only warned of where it takes too long: %s",
    async (code, isThrown) => {
      const error = new DomainError(code, "Try again.");
      const found = openSources({ id: null, name: "shop" }, { definitions: [] }, differences.slice(0, 1), () =>
        Promise.reject(error),
      );
      if (isThrown) await expect(found).rejects.toBe(error);
      else expect(await found).toMatchObject({ errors: [], warnings: [{ message: "Try again." }] });
    },
  );
});
