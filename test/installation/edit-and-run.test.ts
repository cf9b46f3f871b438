import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openQueue, takeJob } from "@/lib/db/queue";
import type { Principal } from "@/lib/domain/principal";
import type { Engine } from "@/lib/engines/engine";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { evaluateAfterRun } from "@/lib/registry/monitors/evaluations";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "@/lib/jobs/run/execute-run";
import { ProgressWriter } from "@/lib/jobs/run/progress-writer";
import { DEFINITION_PATHS } from "@/lib/contracts/definitions";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";
import { fillDigests } from "@/lib/registry/definitions/fill-digests";
import { getModel } from "@/lib/registry/models/models";
import { getRun } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs } from "@/lib/registry/specs/specs";
import { openInstallation, accountableUser } from "./open-installation";
import { readSentences } from "./read-sentences";

const workspace = "shop";
type Document = Record<string, unknown> & { kind: string; name: string };

let data: string;
let engine: Engine;
let emil: Principal;
let documents: Document[];
/** What the pages say after the newest run. */
let said: Record<string, unknown>;

beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "edit-and-run-"));
  process.env.TRIBUTARY_DATA = data;
  await openInstallation(data);
  await openQueue();
  await fillDigests();
  emil = await accountableUser("emil@flights.example");
  engine = createLocalEngine({
    dataDirectory: path.join(data, "scratch"),
    threads: 1,
    memoryLimit: "256MB",
    sources: { directories: [path.join(data, "sources")], anywhere: false },
  });
  const text = await readFile(path.join(process.cwd(), "test/fixtures/installation/shop.yaml"), "utf8");
  documents = parseAllDocuments(text).map((one) => one.toJS() as Document);
  // The installation is of before models could be described.
  documents.push({ kind: "Model", name: "return_model" });
  await run();
  said = await readSentences(emil);
}, 600_000);
afterAll(async () => {
  await closeDatabase();
  await rm(data, { recursive: true, force: true });
});

/** Runs the pipeline to its end and answers what is recorded of it. */
async function run() {
  const id = await startRun(emil, { workspace, pipeline: "returns" }, engine);
  while (await takeJob("run"));
  const claimed = await claimRun(id);
  if (!claimed) throw new Error("The run was not claimed.");
  await executeRun(claimed, engine, new ProgressWriter(claimed));
  await evaluateAfterRun(claimed.workspaceId);
  const done = await getRun(emil, id);
  expect(done.error).toBeNull();
  return done;
}

const declared = (kind: string, name: string): Document => {
  const found = documents.find((one) => one.kind === kind && one.name === name);
  if (!found) throw new Error(`No ${kind} ${name}.`);
  return found;
};

async function edit(kind: string, name: string, change: object): Promise<void> {
  await applySpecs(emil, { workspace, documents: [{ ...declared(kind, name), ...change }] });
}

/** What was said before, of what is said now: runs and versions that came since are left out. */
function since(before: Record<string, unknown>, now: Record<string, unknown>): Record<string, unknown> {
  const { runs } = before as { runs: { number: number }[] };
  const last = Math.max(...runs.map(({ number }) => number));
  const known = before as { models: { name: string; versions: { version: number }[] }[] };
  const versionsOf = (name: string) => known.models.find((one) => one.name === name)?.versions.length ?? 0;
  const {
    models,
    usage,
    stages,
    runs: all,
    ...rest
  } = now as {
    models: { name: string; versions: { version: number }[] }[];
    usage: { run: number }[];
    stages: { run: number }[];
    runs: { number: number }[];
  };
  return {
    ...rest,
    models: models.map((model) => ({
      ...model,
      versions: model.versions.filter(({ version }) => version <= versionsOf(model.name)),
    })),
    usage: usage.filter((one) => one.run <= last),
    stages: stages.filter((one) => one.run <= last),
    runs: all.filter(({ number }) => number <= last),
  };
}

const verdictsOf = (ids?: string[]) =>
  prisma().monitorVerdict.findMany({
    ...(ids && { where: { id: { in: ids } } }),
    select: { id: true, state: true, score: true, warn: true, critical: true, explanation: true, reference: true },
    orderBy: { id: "asc" },
  });

interface Case {
  what: string;
  kind: string;
  name: string;
  change: object;
  /** Estimator → what its reason is like; those that are left out use their fit again. */
  refitted: Record<string, RegExp>;
}

const WORDS = { description: "Other words." };
const CASES: Case[] = [
  { what: "words about a workspace", kind: "Workspace", name: "shop", change: WORDS, refitted: {} },
  { what: "words about an entity", kind: "Entity", name: "order", change: WORDS, refitted: {} },
  {
    what: "a relation of an entity",
    kind: "Entity",
    name: "order",
    change: { ...WORDS, relations: [{ name: "purchaser", entity: "customer", by: "buyer" }] },
    refitted: {
      order_scaler: /entity order is declared in another way$|entity order is declared in another way\./,
      return_logistic: /entity order is declared in another way; order_scaler before it is fitted anew/,
    },
  },
  { what: "words about a source", kind: "Source", name: "orders", change: WORDS, refitted: {} },
  {
    what: "rules of a source",
    kind: "Source",
    name: "orders",
    change: {
      ...WORDS,
      rules: [{ type: "expect_column_values_to_be_between", kwargs: { column: "amount", min_value: 1 } }],
    },
    refitted: {},
  },
  {
    what: "the row key of a source",
    kind: "Source",
    name: "orders",
    change: { ...WORDS, rowKey: ["id", "placed"] },
    refitted: {
      order_scaler: /source orders is declared in another way/,
      return_logistic: /source orders is declared in another way/,
    },
  },
  { what: "words about a split policy", kind: "SplitPolicy", name: "by_month", change: WORDS, refitted: {} },
  {
    what: "a boundary of a split policy",
    kind: "SplitPolicy",
    name: "by_month",
    change: {
      parts: {
        train: [null, "2001-02-01T00:00:00Z"],
        validation: ["2001-02-01T00:00:00Z", "2001-03-01T00:00:00Z"],
        test: ["2001-03-01T00:00:00Z", null],
      },
    },
    refitted: { return_logistic: /split policy by_month is version 3, not 1/ },
  },
  { what: "words about a stage", kind: "Stage", name: "return_logistic", change: WORDS, refitted: {} },
  {
    what: "a parameter of a stage",
    kind: "Stage",
    name: "return_logistic",
    change: { ...WORDS, params: { maxIter: 25, regParam: 0.5 } },
    refitted: { return_logistic: /the stage computes something else/ },
  },
  { what: "a feature", kind: "Feature", name: "order.hour", change: WORDS, refitted: {} },
  { what: "a feature view", kind: "FeatureView", name: "order_risk", change: { ttl: "30d" }, refitted: {} },
  {
    what: "a feature service",
    kind: "FeatureService",
    name: "returns_v1",
    change: { features: ["order_risk:hour"] },
    refitted: {},
  },
  { what: "words about a pipeline", kind: "Pipeline", name: "returns", change: WORDS, refitted: {} },
  {
    what: "the fit rows of a pipeline",
    kind: "Pipeline",
    name: "returns",
    change: { ...WORDS, fit: { split: "by_month", parts: ["train", "validation"] } },
    refitted: { return_logistic: /it is fitted on part train and validation, not on train/ },
  },
  { what: "a monitor", kind: "Monitor", name: "order_values", change: { warn: 0.5, critical: 0.9 }, refitted: {} },
  { what: "a monitor of outcomes", kind: "Monitor", name: "returns_live", change: { minEffect: 0.5 }, refitted: {} },
  { what: "words about a model", kind: "Model", name: "return_model", change: WORDS, refitted: {} },
];

describe("an edit of", () => {
  it.each(CASES)("$what: what a run does, and what is said of the past", async ({ kind, name, change, refitted }) => {
    const before = said;
    const verdicts = await verdictsOf();
    const versions = await listDefinitionVersions(emil, kind as never, name, { workspace, limit: 50 });
    await edit(kind, name, change);
    const after = await listDefinitionVersions(emil, kind as never, name, { workspace, limit: 50 });
    expect(after.total).toBe(versions.total + 1);
    expect(after.items[0]).toMatchObject({ version: versions.total + 1, current: true, createdBy: "Emil Novak" });
    expect(after.items[0]?.difference.some((line) => line.kind !== "same")).toBe(true);
    expect(after.items.slice(1).map(({ text, digest }) => [text, digest])).toEqual(
      versions.items.map(({ text, digest }) => [text, digest]),
    );
    const pins = await prisma().runDefinition.findMany({ select: { runId: true, definitionVersionId: true } });

    const done = await run();
    const reasons = new Map(done.stageList.map(({ stage, reason }) => [stage, reason]));
    for (const estimator of ["order_scaler", "return_logistic"])
      expect(reasons.get(estimator), estimator).toMatch(
        refitted[estimator] ?? /^The fit of run \d+ is used again: nothing that it follows from has changed\.$/,
      );
    expect(done.fits.map(({ stage }) => stage).sort()).toEqual(Object.keys(refitted).sort());

    said = await readSentences(emil);
    expect(since(before, said)).toEqual({ ...before, verdicts: expect.any(Array) as unknown });
    expect(await verdictsOf(verdicts.map(({ id }) => id))).toEqual(verdicts);
    expect(
      await prisma().runDefinition.count({
        where: { OR: pins.map(({ runId, definitionVersionId }) => ({ runId, definitionVersionId })) },
      }),
    ).toBe(pins.length);
  });
});

describe("the model", () => {
  it("says of every version what it was trained and tested on then", async () => {
    const { versions } = await getModel(emil, workspace, "return_model");
    const first = versions.find(({ version }) => version === 1);
    expect(first).toMatchObject({
      trainedOn: "part train of by_month (before 2001-05-01) of orders@1",
      testedOn: "part test of by_month (2001-06-01 onwards) of orders@1",
    });
    const moved = versions.find(({ trainedOn }) => trainedOn.includes("before 2001-02-01"));
    expect(moved).toMatchObject({ testedOn: "part test of by_month (2001-03-01 onwards) of orders@1" });
  });
});

describe("the database", () => {
  it("refuses to change or remove a version", async () => {
    const version = await prisma().definitionVersion.findFirstOrThrow({ where: { kind: "SplitPolicy" } });
    await expect(
      prisma().definitionVersion.update({ where: { id: version.id }, data: { definition: {} } }),
    ).rejects.toThrow(/immutable/);
    await expect(prisma().definitionVersion.delete({ where: { id: version.id } })).rejects.toThrow(/immutable/);
  });

  it("keeps the versions of what is retired", async () => {
    await applySpecs(emil, {
      workspace,
      documents: documents.filter(({ kind }) => kind !== "FeatureService"),
      prune: true,
    });
    const { total } = await listDefinitionVersions(emil, "FeatureService", "returns_v1", { workspace, limit: 50 });
    expect(total).toBe(2);
  });

  it("has a table for every kind that has a path", () => {
    const kinds = new Set(CASES.map(({ kind }) => kind));
    for (const kind of Object.values(DEFINITION_PATHS)) expect(kinds).toContain(kind);
  });
});
