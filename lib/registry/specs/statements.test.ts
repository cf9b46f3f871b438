import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { SYSTEM } from "@/lib/domain/principal";
import type { StatementToCheck } from "@/lib/domain/sql/statement-to-check";
import { openTestDatabase } from "@/test/open-test-database";
import { applySpecs, planSpecs } from "./specs";

beforeAll(() => openTestDatabase());
afterAll(() => closeDatabase());

const SURROUNDINGS = `
kind: Workspace
name: sums
---
kind: Entity
name: e1
joinKeys: [{ name: id, type: bigint }]
---
kind: Source
name: rows
entity: e1
format: csv
location: rows.csv
columns: [{ name: id, type: bigint }, { name: a, type: double }, { name: b, type: double }, { name: c, type: double }]
rowKey: [id]
---
`;
const BAD = readFileSync("test/fixtures/16-bad-sql.yaml", "utf8");
const having = (statement: string) => BAD.replace(/statement: ".*"/, () => `statement: ${JSON.stringify(statement)}`);

async function issuesOf(promise: Promise<unknown>): Promise<Issue[]> {
  const error = await promise.then(() => null, (thrown: unknown) => thrown); // prettier-ignore
  expect(error).toBeInstanceOf(DomainError);
  return (error as DomainError).context.issues as Issue[];
}

describe.each([
  ["planning", planSpecs],
  ["applying", applySpecs],
] as const)("%s", (_, submit) => {
  it.each<[string, string, RegExp]>([
    ["what is not SQL", "SELECT *, a + + AS total FROM __THIS__", /syntax error at or near "AS"/],
    ["a column that is not declared", "SELECT *, a + c AS total FROM __THIS__", /reads `c`, which is neither an input/],
    ["another table", "SELECT *, a AS total FROM __THIS__, secrets", /reads secrets, and only __THIS__/],
    ["chance", "SELECT *, random() AS total FROM __THIS__", /calls random/],
    ["the clock", "SELECT *, a AS total FROM __THIS__ WHERE current_date > DATE '2020-01-01'", /reads current_date/],
  ])("refuses %s with its file and line", async (__, statement, message) => {
    const documents = [{ file: "stages.yaml", text: `${SURROUNDINGS}${having(statement)}` }];
    const [issue] = await issuesOf(submit(SYSTEM, { documents }));
    expect(issue).toMatchObject({ file: "stages.yaml", message: expect.stringMatching(message) as string });
    const line = documents[0]?.text.split("\n")[(issue?.line ?? 0) - 1];
    expect(line).toContain("statement:");
    expect(await prisma().stage.count({ where: { name: "sums" } })).toBe(0);
  });

  it("tells what the engine says of a statement over the declared types", async () => {
    const documents = [
      { file: "stages.yaml", text: `${SURROUNDINGS}${having("SELECT *, a || b AS total FROM __THIS__")}` },
    ];
    const asked: StatementToCheck[] = [];
    const bind = (_workspace: string, stages: StatementToCheck[]) => {
      asked.push(...stages);
      return Promise.resolve(
        stages.map(() => [{ path: ["params", "statement"], message: "it cannot run: no function" }]),
      );
    };
    const [issue] = await issuesOf(submit(SYSTEM, { documents }, undefined, bind));
    expect(issue).toMatchObject({ file: "stages.yaml", message: "Stage sums: it cannot run: no function" });
    expect(asked).toMatchObject([
      {
        columns: [{ name: "a", type: "double" }, { name: "b", type: "double" }, { name: "id", type: "bigint" }],
        keys: [{ name: "id", type: "bigint" }],
      },
    ]); // prettier-ignore
    expect(await prisma().stage.count({ where: { name: "sums" } })).toBe(0);
  });
});

it("takes what can run, and does not bind again what has not changed", async () => {
  const documents = [
    { file: "stages.yaml", text: `${SURROUNDINGS}${having("SELECT *, a + b AS total FROM __THIS__; -- done")}` },
  ];
  let asked = 0;
  const bind = (_workspace: string, stages: StatementToCheck[]) => {
    asked += stages.length;
    return Promise.resolve(stages.map(() => []));
  };
  await applySpecs(SYSTEM, { documents }, undefined, bind);
  expect(asked).toBe(1);
  await applySpecs(SYSTEM, { documents }, undefined, bind);
  expect(asked).toBe(1);
  expect(await prisma().stage.count({ where: { name: "sums" } })).toBe(1);
});
