/** How often the same test rows were scored in a workspace, by whichever models: choices adapt to rows that are scored again and again. */
import { prisma, type Prisma as Client, type Transaction } from "@/lib/db/client";
import type { TestUse as Answer } from "@/lib/contracts/models";
import type { TestBudget } from "@/lib/domain/definitions/workspace";
import { testRowsText } from "@/lib/domain/leakage/test-rows";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { digestOf } from "../record-event";
import { definitionOf, leakageInputOf } from "../stored-json";

/** Model versions whose test rows are digested at a time. */
const BATCH = 50;

/** What `ModelVersion.testRows` holds. */
function testRowsDigest(input: LeakageInput): string {
  const text = testRowsText(input);
  return text === null ? "" : digestOf(text);
}

export interface TestUse {
  /** Model versions, and evaluations of them, that were scored on the rows. */
  scored: number;
  budget: TestBudget | null;
}

/** By digest of test rows; one without rows is in no answer. */
export async function testUses(
  db: Client | Transaction,
  workspaceId: string,
  digests: readonly (string | null)[],
): Promise<Map<string, TestUse>> {
  const asked = [...new Set(digests)].flatMap((digest) => (digest ? [digest] : []));
  if (asked.length === 0) return new Map();
  const versions = await db.modelVersion.groupBy({
    by: ["testRows"],
    where: { testRows: { in: asked }, model: { workspaceId } },
    _count: true,
  });
  const evaluations = await db.versionEvaluation.groupBy({
    by: ["testRows"],
    where: { testRows: { in: asked }, modelVersion: { model: { workspaceId } } },
    _count: true,
  });
  const budget = await budgetOf(db, workspaceId);
  const countIn = (rows: { testRows: string | null; _count: number }[], digest: string) =>
    rows.find(({ testRows }) => testRows === digest)?._count ?? 0;
  return new Map(
    asked.map((digest) => [digest, { scored: countIn(versions, digest) + countIn(evaluations, digest), budget }]),
  );
}

async function budgetOf(db: Client | Transaction, workspaceId: string): Promise<TestBudget | null> {
  const row = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { definition: true } });
  return definitionOf("Workspace", row).testBudget ?? null;
}

/** The input with how often its test rows will have been scored, this time included. */
export async function withTestUse(
  db: Client | Transaction,
  workspaceId: string,
  input: LeakageInput,
): Promise<{ input: LeakageInput; testRows: string }> {
  const testRows = testRowsDigest(input);
  const use = (await testUses(db, workspaceId, [testRows])).get(testRows);
  if (!use) return { input, testRows };
  const { scored, budget } = use;
  const consumer = { ...input.consumer, testScored: scored + 1, ...(budget && { testScoredLimit: budget.scorings }) };
  return { input: { ...input, consumer }, testRows };
}

/** Digests the test rows of versions that were made before that was kept. @returns how many; 0 when there is none left */
export async function digestTestRowsOfSome(): Promise<number> {
  const rows = await prisma().modelVersion.findMany({
    where: { testRows: null },
    select: { id: true, leakageInput: true },
    take: BATCH,
  });
  for (const { id, leakageInput } of rows)
    await prisma().modelVersion.update({
      where: { id },
      data: { testRows: digestOfStored(leakageInputOf(leakageInput)) },
    });
  return rows.length;
}

/** Of a version that was fitted elsewhere less may be recorded. */
function digestOfStored(input: Partial<LeakageInput>): string {
  const { consumer, policies = {}, datasets = {} } = input;
  return consumer?.test ? testRowsDigest({ ...(input as LeakageInput), policies, datasets }) : "";
}

export function toTestUse(use: TestUse | undefined): Answer | null {
  return use ? { scored: use.scored, limit: use.budget?.scorings ?? null, check: use.budget?.check ?? "soft" } : null;
}
