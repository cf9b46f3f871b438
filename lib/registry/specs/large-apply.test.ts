import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, prisma } from "@/lib/db/client";
import { verifyChain } from "@/lib/domain/audit/chain";
import { SYSTEM } from "@/lib/domain/principal";
import { type Document, largeDocuments, mixedDocuments } from "@/test/large-documents";
import { openTestDatabase } from "@/test/open-test-database";
import { countStatements, failingAt, type SentStatement, sentStatements } from "@/test/statement-faults";
import { EVERYTHING, syncLineage } from "../lineage/sync";
import { sha256 } from "../record-event";
import { applySpecs, planSpecs } from "./specs";

const WORKSPACE = "large";
const isEmbedded = !process.env.TEST_DATABASE_URL;
/** Sent by nobody but the readers of these tests. */
const READ = 'SELECT "name" AS "read" FROM "Workspace"';
/** Of the transaction, whatever the number of documents. */
const MOST_STATEMENTS = 35;
/** Rows that travel in one statement. */
const MOST_ROWS = 250;
const FEW_ROWS = 100;

const apply = (documents: Document[]) => applySpecs(SYSTEM, { workspace: WORKSPACE, documents, prune: true });

/** What is sent while somebody reads from begin to end of the work, again as soon as there is an answer. */
async function sentWhileReading(work: () => Promise<unknown>): Promise<SentStatement[]> {
  return sentStatements(async () => {
    let isRunning = true;
    const read = async (): Promise<void> => {
      while (isRunning) expect((await database().execute(READ)).rows.length).toBeGreaterThan(0);
    };
    const reads = read();
    await work().finally(() => (isRunning = false));
    await reads;
  });
}

/**
 * Who reads from the embedded database waits for as long as the transaction takes. So it has few statements, and no rows travel in it: the
 * database has them before, by statements of some hundred rows, between which reads are answered.
 */
function expectShort(sent: readonly SentStatement[], documents: number): void {
  const lock = sent.find(({ sql }) => sql.includes("pg_advisory_xact_lock($1::int, hashtext"));
  const within = sent.filter(({ transaction }) => transaction === lock?.transaction);
  expect(within.length).toBeLessThanOrEqual(MOST_STATEMENTS);
  expect(within.filter(({ rows }) => rows >= FEW_ROWS)).toEqual([]);
  const isLoad = ({ sql, rows }: SentStatement) => sql.includes('INSERT INTO "loaded_') && rows > 0;
  const before = sent.slice(0, sent.indexOf(within[0] as SentStatement));
  const loads = before.filter(isLoad);
  expect(loads.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThanOrEqual(documents);
  expect(Math.max(...loads.map(({ rows }) => rows))).toBeLessThanOrEqual(MOST_ROWS);
  const isRead = ({ sql }: SentStatement) => sql === READ;
  // A read is sent when the one before is answered.
  const meanwhile = before.slice(before.findIndex(isLoad), before.findLastIndex(isLoad));
  expect(meanwhile.filter(isRead).length).toBeGreaterThanOrEqual(loads.length / 2);
}

beforeAll(async () => {
  await openTestDatabase();
  await applySpecs(SYSTEM, { documents: [{ kind: "Workspace", name: WORKSPACE }] });
});
afterAll(closeDatabase);

describe("an apply of 3,000 documents", () => {
  it("is worked out and loaded while others read, and written by a few statements", async () => {
    const all = largeDocuments(() => "");
    const sent = await sentWhileReading(async () => {
      const { counts } = await apply(all);
      expect(counts).toEqual({ create: 3001, change: 0, replace: 0, retire: 0, unchanged: 0 });
    });
    if (isEmbedded) expectShort(sent, all.length);
    await isConsistent();
  });

  it("is as short when a third of them changed and a third is gone", async () => {
    let documents = 0;
    const sent = await sentWhileReading(async () => {
      const { counts } = await apply(mixedDocuments());
      expect(counts.change + counts.replace).toBeGreaterThan(600);
      expect(counts.replace).toBeGreaterThan(100);
      expect(counts.retire).toBeGreaterThanOrEqual(1000);
      documents = counts.change + counts.replace + counts.retire;
    });
    if (isEmbedded) expectShort(sent, documents);
    await isConsistent();
    const again = await planSpecs(SYSTEM, { workspace: WORKSPACE, documents: mixedDocuments(), prune: true });
    expect(again.differences).toEqual([]);
  });

  it.runIf(isEmbedded)("leaves nothing of itself when a statement of it fails, loaded rows included", async () => {
    const changed = mixedDocuments().map((one) =>
      one.kind === "Feature" ? { ...one, description: "Once more." } : one,
    );
    const plan = () => planSpecs(SYSTEM, { workspace: WORKSPACE, documents: changed, prune: true });
    const { counts } = await plan();
    const [events, planning] = [await prisma().auditEvent.count(), await countStatements(plan)];
    for (const more of [10, 20])
      await expect(failingAt(planning + more, () => apply(changed))).rejects.toThrow(/fault of statement/);
    expect((await plan()).counts).toEqual(counts);
    expect(await prisma().auditEvent.count()).toBe(events);
    await apply(changed);
    await isConsistent();
    const { rows } = await database().execute(`SELECT "relname" FROM pg_class WHERE "relname" LIKE 'loaded\\_%'`);
    expect(rows).toEqual([]);
  });

  it("is written once by four who apply the same at once, and the others see that nothing is left to do", async () => {
    const before = await prisma().auditEvent.count();
    const one = { kind: "Entity", name: "other", joinKeys: [{ name: "id", type: "bigint" }] };
    const applies = Array.from({ length: 4 }, () => applySpecs(SYSTEM, { workspace: WORKSPACE, documents: [one] }));
    const plans = await Promise.all(applies);
    expect(plans.map(({ counts }) => counts.create).sort()).toEqual([0, 0, 0, 1]);
    expect(await prisma().auditEvent.count()).toBe(before + 1);
  });
});

/** Every row points to the version of its own wording, the chain of the log holds, and the kept lineage is the declared one. */
async function isConsistent(): Promise<void> {
  for (const table of ["Entity", "Source", "Stage", "Feature", "FeatureView", "FeatureService"]) {
    const [row] = await database()
      .execute(
        `SELECT count(*)::int AS "wrong" FROM "${table}" t LEFT JOIN "DefinitionVersion" d ON d."id" = t."definitionVersionId"
         AND d."objectId" = t."id" AND d."kind" = '${table}' AND d."name" = t."name" AND d."definition" = t."definition"
         AND d."version" = (SELECT max(m."version") FROM "DefinitionVersion" m WHERE m."objectId" = t."id") WHERE d."id" IS NULL`,
      )
      .then(({ rows }) => rows);
    expect([table, row?.wrong]).toEqual([table, 0]);
  }
  const stages = await prisma().stage.findMany({ include: { versions: { orderBy: { version: "desc" }, take: 1 } } });
  expect(stages.filter(({ version, versions }) => version !== versions[0]?.version)).toEqual([]);
  const events = await prisma().auditEvent.findMany({ orderBy: { sequence: "asc" } });
  expect(
    verifyChain(
      events.map((event) => ({ ...event, at: event.at.toISOString(), actor: event.actorId })),
      sha256,
    ),
  ).toMatchObject({ ok: true, events: events.length });
  const edges = () => prisma().lineageEdge.count();
  const kept = await edges();
  expect(kept).toBeGreaterThan(5000);
  const { id } = await prisma().workspace.findUniqueOrThrow({ where: { name: WORKSPACE }, select: { id: true } });
  await prisma().$transaction((tx) => syncLineage(tx, id, EVERYTHING));
  expect(await edges()).toBe(kept);
}
