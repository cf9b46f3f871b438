import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { openTestDatabase } from "@/test/open-test-database";
import { applySpecs } from "../specs/specs";
import { SYSTEM } from "@/lib/domain/principal";
import { asJson } from "../stored-json";
import { digestTestRowsOfSome, testUses, withTestUse } from "./test-use";

let workspaceId: string;
let modelId: string;

const input = (parts: string[]): LeakageInput => ({
  datasets: { trips: { columns: ["id"], rowKey: ["id"], versions: { 1: {} } } },
  policies: { "halves@1": { type: "hash", algo: "md5-32", key: "id", salt: "s", buckets: 2, parts: { a: [[0, 1]], b: [[1, 2]] } } }, // prettier-ignore
  estimators: [],
  transformers: [],
  consumer: { features: ["x"], unit: ["id"], train: [], test: parts.length > 0 ? [{ dataset: "trips", version: "1", split: { policy: "halves", version: 1, parts } }] : [] }, // prettier-ignore
  measurements: [],
});

let number = 0;
async function addVersion(leakageInput: LeakageInput, testRows: string | null): Promise<void> {
  number += 1;
  await prisma().modelVersion.create({
    data: { modelId, version: number, engine: "mlflow", format: "mlflow", uri: `models:/m/${number}`, leakageInput: asJson(leakageInput), testRows, metrics: {}, createdBy: "system" }, // prettier-ignore
  });
}

const declare = (budget: string) => applySpecs(SYSTEM, { documents: `{ kind: Workspace, name: trips${budget} }` });

beforeAll(async () => {
  await openTestDatabase();
  await declare("");
  workspaceId = (await prisma().workspace.findUniqueOrThrow({ where: { name: "trips" } })).id;
  const model = await prisma().model.create({
    data: { workspaceId, name: "m", definition: {}, digest: "", createdBy: "system", updatedBy: "system" },
  });
  modelId = model.id;
});
afterAll(closeDatabase);

describe("the use of test rows", () => {
  it("counts versions of before, once their rows are digested, and this time", async () => {
    await addVersion(input(["a"]), null);
    await addVersion(input(["a"]), null);
    await addVersion(input(["b"]), null);
    await addVersion(input([]), null);
    expect([await digestTestRowsOfSome(), await digestTestRowsOfSome()]).toEqual([4, 0]);
    const { input: counted, testRows } = await withTestUse(prisma(), workspaceId, input(["a"]));
    expect([counted.consumer.testScored, counted.consumer.testScoredLimit]).toEqual([3, undefined]);
    expect((await testUses(prisma(), workspaceId, [testRows, "", null])).size).toBe(1);
  });

  it("has no count without test rows", async () => {
    expect((await withTestUse(prisma(), workspaceId, input([]))).input.consumer.testScored).toBeUndefined();
  });

  it("goes by the workspace's budget", async () => {
    await declare(", testBudget: { scorings: 2, check: hard }");
    const { input: counted, testRows } = await withTestUse(prisma(), workspaceId, input(["a"]));
    expect([counted.consumer.testScored, counted.consumer.testScoredLimit]).toEqual([3, 2]);
    expect((await testUses(prisma(), workspaceId, [testRows])).get(testRows)).toEqual({
      scored: 2,
      budget: { scorings: 2, check: "hard" },
    });
  });

  it("is refused where the budget is none", async () => {
    await expect(declare(", testBudget: { scorings: 0 }")).rejects.toThrow(/scorings/);
    await expect(declare(", testBudget: { scorings: 3, check: strict }")).rejects.toThrow(/check/);
  });
});
