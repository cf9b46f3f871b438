import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ModelEvidence } from "@/lib/contracts/change-model-evidence";
import { type Change, openChange as contract } from "@/lib/contracts/changes";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { listModels } from "../models/models";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { listChangeCandidates } from "./candidates";
import { applyChange, getChange, listChanges, openChange, rebaseChange, reviewChange, withdrawChange } from "./changes";

let fixture: Fixture;

beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  fixture = await filledRegistry();
});

/** Reads nothing that leaks; `LEAKY` does. */
const SAFE = "late_model_banded";
const LEAKY = "late_model";

type Wanted = Partial<Parameters<typeof openChange>[1]>;
const open = (more: Wanted = {}, who: Principal = fixture.people.ada) =>
  openChange(who, { workspace: fixture.workspace.name, model: SAFE, environment: "staging", ...more });

async function approved(more: Wanted = {}): Promise<Change> {
  const change = await open(more);
  return reviewChange(fixture.people.chiara, change.id, { decision: "approve" });
}

async function promote(model: string, environment: "staging" | "production", version?: number): Promise<Change> {
  const change = await approved({ model, environment, ...(version !== undefined && { version }) });
  return applyChange(fixture.people.ada, change.id);
}

/** Another version of a model, as a later run of the same variant would make it. */
async function addVersion(
  model: string,
  more: { metrics?: object; leakageInput?: object; verdict?: "safe" | "unknown" | "leak" } = {},
): Promise<string> {
  const last = await prisma().modelVersion.findFirstOrThrow({
    where: { model: { name: model, workspaceId: fixture.workspace.id } },
    orderBy: { version: "desc" },
    include: { verdicts: true },
  });
  const { modelId, version, fitId, engine, format, uri, runId, variantId, leakageInput, metrics, createdBy } = last;
  const made = await prisma().modelVersion.create({
    data: {
      modelId,
      version: version + 1,
      fitId,
      engine,
      format,
      uri,
      runId,
      variantId,
      leakageInput: more.leakageInput ?? (leakageInput as object),
      metrics: more.metrics ?? (metrics as object),
      createdBy,
      verdicts: {
        create: last.verdicts.map(({ featureVersionId, severity, reasons, warnings, explanation, verdict }) => ({
          featureVersionId,
          severity,
          reasons,
          warnings,
          explanation,
          perEstimator: {},
          verdict: more.verdict ?? verdict,
        })),
      },
    },
  });
  return made.id;
}

const aliasOf = async (model: string, alias: string) => {
  const row = await prisma().modelAlias.findFirst({
    where: { alias, model: { name: model, workspaceId: fixture.workspace.id } },
    include: { modelVersion: true },
  });
  return row?.modelVersion.version ?? null;
};

/** As if an alias had been moved by another way. */
async function moveAlias(model: string, alias: string, version: number): Promise<void> {
  const { id, modelId } = await prisma().modelVersion.findFirstOrThrow({
    where: { version, model: { name: model, workspaceId: fixture.workspace.id } },
  });
  await prisma().modelAlias.upsert({
    where: { modelId_alias: { modelId, alias } },
    create: { modelId, alias, modelVersionId: id, updatedBy: "test" },
    update: { modelVersionId: id },
  });
}

function evidenceOf({ evidence }: Change): ModelEvidence {
  if (evidence.kind !== "model") throw new Error("The request is about a feature.");
  return evidence;
}

const checkOf = (change: Change, name: string) => change.checks.find((check) => check.name === name);

const eventsOf = (action: string) =>
  prisma().auditEvent.findMany({ where: { workspace: fixture.workspace.name, action }, orderBy: { sequence: "asc" } });

/** A deployment of the variant that made the model, with its three jobs. */
async function deploy(name: string, model: string, made: string): Promise<void> {
  const { variantId } = await prisma().modelVersion.findFirstOrThrow({
    where: { model: { name: made, workspaceId: fixture.workspace.id } },
  });
  if (variantId === null) throw new Error(`${made} was fitted elsewhere.`);
  await prisma().deployment.create({
    data: {
      workspaceId: fixture.workspace.id,
      name,
      variantId,
      state: "active",
      params: {},
      model,
      createdBy: "test",
      updatedBy: "test",
      jobs: {
        create: ["fit", "predict_staging", "predict_production"].map((kind) => ({ kind, updatedBy: "test" })),
      },
    },
  });
}

describe("the owner of a model", () => {
  it("is whom its document names, before the owner of its pipeline, wherever owners are asked", async () => {
    await prisma().model.updateMany({ where: { name: SAFE }, data: { owner: "chiara@flights.example" } });
    const change = await open();
    expect(change.owner).toMatchObject({ kind: "person", members: [{ name: "Chiara Rossi" }] });
    expect(evidenceOf(change).owners).toContain("chiara@flights.example");
    const models = (owner: string) => listModels(fixture.people.ada, fixture.workspace.name, { owner });
    expect((await models("chiara@flights.example")).items.map(({ name }) => name)).toEqual([SAFE]);
    expect((await listModels(fixture.people.ada, fixture.workspace.name, { q: "chiara" })).items.map(({ name }) => name)).toEqual([SAFE]); // prettier-ignore
  });
});

describe("opening a request on a model", () => {
  it("proposes the newest version for staging, with evidence", async () => {
    const change = await open();
    expect(change).toMatchObject({
      number: 1,
      state: "in_review",
      title: "Promote late_model_banded v1 to staging",
      feature: null,
      model: SAFE,
      version: 1,
      baseVersion: null,
      pointerVersion: null,
      rollback: false,
      mine: true,
    });
    const evidence = evidenceOf(change);
    expect(evidence).toMatchObject({
      before: null,
      after: { version: 1, stage: "late_tree", operator: "DecisionTreeClassifier", run: 2 },
      leakage: { verdict: "safe" },
      sameRows: false,
      followers: [],
      owners: ["delay-analytics", "network-planning"],
    });
    expect(evidence.after.testedOn).toContain("part test of by_month");
    expect(evidence.reads.map(({ feature, version, environments }) => [feature, version, environments])).toEqual(
      expect.arrayContaining([
        ["airport.segment", 2, ["dev"]],
        ["flight.hour", 1, ["dev", "staging"]],
      ]),
    );
    expect(evidence.plan.map((item) => [item.stage, item.change])).toEqual(
      expect.arrayContaining([
        ["late_tree", "added"],
        ["airport_bands", "added"],
      ]),
    );
    expect(evidence.metrics.find(({ part, metric }) => part === "test" && metric === "auc")).toMatchObject({
      before: null,
      after: expect.any(Number),
    });
  });

  it("warns of feature versions that the environment does not serve yet", async () => {
    const change = await open();
    expect(checkOf(change, "features")).toMatchObject({ grade: "soft", passed: false });
    expect(checkOf(change, "features")?.sentence).toContain("`airport.segment` v2");
    expect(change.needed).toMatch(/^One approval is needed/);
  });

  it("compares with the version that has the alias, on the same rows", async () => {
    await promote(SAFE, "staging");
    await addVersion(SAFE, { metrics: { test: { auc: 0.4, logLoss: 0.1 } } });
    const change = await open();
    expect(change).toMatchObject({ version: 2, baseVersion: 1 });
    const evidence = evidenceOf(change);
    expect(evidence).toMatchObject({ sameRows: true, before: { version: 1 } });
    expect(evidence.plan.every((item) => item.change === "kept")).toBe(true);
    expect(checkOf(change, "metrics")).toMatchObject({
      grade: "soft",
      passed: false,
      sentence: "On the test rows it is worse in auc.",
    });
  });

  it("does not compare scores of different rows", async () => {
    await promote(SAFE, "staging");
    const { leakageInput } = await prisma().modelVersion.findFirstOrThrow({
      where: { id: fixture.models[`${SAFE}@1`] },
    });
    const input = leakageInput as { consumer: object };
    await addVersion(SAFE, {
      leakageInput: { ...input, consumer: { ...input.consumer, test: [{ dataset: "flights", version: "2" }] } },
    });
    const change = await open();
    expect(evidenceOf(change).sameRows).toBe(false);
    expect(checkOf(change, "metrics")?.sentence).toContain("different rows");
  });

  it("names the jobs that will follow, and whether they can score with it", async () => {
    await deploy("late_daily", SAFE, SAFE);
    await deploy("late_other", SAFE, LEAKY);
    const change = await open();
    expect(evidenceOf(change).followers).toMatchObject([
      { deployment: "late_daily", job: "predict_staging", state: "active", lastRun: null, fits: true },
      { deployment: "late_other", fits: false },
    ]);
    expect(checkOf(change, "jobs")).toMatchObject({ passed: false, grade: "soft" });
    expect(checkOf(change, "jobs")?.sentence).toContain("late_other");
  });

  it("takes what staging has to production, and skips no step", async () => {
    await addVersion(SAFE);
    await expect(open({ environment: "production" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("No version of `late_model_banded` is in staging yet"),
    });
    await promote(SAFE, "staging", 1);
    await expect(open({ environment: "production", version: 2 })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("staging has version 1"),
    });
    expect(await open({ environment: "production" })).toMatchObject({ version: 1, environment: "production" });
  });

  it("has nothing to do where the version has the alias already, and knows what it does not know", async () => {
    await promote(SAFE, "staging");
    await expect(open()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("already") });
    await expect(open({ version: 9 })).rejects.toMatchObject({ code: "not_found" });
    await expect(open({ model: "nothing" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("is one per model and alias, also when two ask at once, and for makers", async () => {
    const results = await Promise.allSettled([open(), open({}, fixture.people.bram)]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
    expect(await eventsOf("change.open")).toHaveLength(1);
    expect(await open({ model: LEAKY })).toMatchObject({ number: 2 });
    await expect(open({}, fixture.people.devi)).rejects.toMatchObject({ code: "forbidden" });
    await expect(open({}, fixture.stranger)).rejects.toMatchObject({ code: "not_found" });
  });

  it.each([
    ["both", { feature: "airport.segment", model: SAFE }],
    ["neither", {}],
  ])("is about a feature or a model, not %s", (_, subject) => {
    expect(contract.body.safeParse({ workspace: "flights", environment: "staging", ...subject }).success).toBe(false);
  });

  it("keeps both kinds apart in the database as well", async () => {
    const { id } = await open();
    const change = (data: object) => prisma().changeItem.updateMany({ where: { changeId: id }, data });
    const refused = /ChangeItem_target_check/;
    await expect(change({ featureId: fixture.features["airport.segment"] as string })).rejects.toThrow(refused);
    await expect(change({ modelId: null })).rejects.toThrow(refused);
    await expect(change({ modelVersionId: null })).rejects.toThrow(refused);
    await expect(change({ kind: "feature" })).rejects.toThrow(refused);
    expect((await prisma().changeItem.findMany({ where: { changeId: id } })).map(({ kind }) => kind)).toEqual([
      "model",
    ]);
  });
});

describe("a request that moves several things", () => {
  /** The alias of a model, and the pointer of a feature with it. */
  async function both() {
    const change = await open();
    const { id: revisionId } = await prisma().revision.findFirstOrThrow({ where: { changeId: change.id } });
    const featureId = fixture.features["airport.segment"] as string;
    const pointer = await prisma().pointer.findFirst({ where: { featureId, environment: "staging" } });
    const target = await prisma().featureVersion.findFirstOrThrow({
      where: { featureId, id: { not: pointer?.versionId ?? "" } },
    });
    await prisma().changeItem.create({
      data: {
        changeId: change.id,
        revisionId,
        position: 1,
        kind: "feature",
        environment: "staging",
        featureId,
        featureVersionId: target.id,
        baseFeatureVersionId: pointer?.versionId ?? null,
      },
    });
    await reviewChange(fixture.people.chiara, change.id, { decision: "approve" });
    const served = () => prisma().pointer.findFirst({ where: { featureId, environment: "staging" } });
    return { change, featureId, pointer, target, served };
  }

  it("moves all of them, and says so", async () => {
    const { change, target, served } = await both();
    const applied = await applyChange(fixture.people.ada, change.id);
    expect(applied.items.map(({ kind, object, environment }) => [kind, object, environment])).toEqual([
      ["model", SAFE, "staging"],
      ["feature", "airport.segment", "staging"],
    ]);
    expect((await served())?.versionId).toBe(target.id);
    expect(await aliasOf(SAFE, "staging")).toBe(change.version);
    const events = await prisma().auditEvent.findMany({
      where: { workspace: fixture.workspace.name, action: { in: ["model.promote", "feature.promote"] } },
    });
    expect(events).toHaveLength(2);
  });

  it("moves none of them when one moved meanwhile", async () => {
    const { change, featureId, pointer, served } = await both();
    const other = await prisma().featureVersion.create({
      data: { featureId, version: 99, signature: "99", choice: {}, createdBy: "test" },
    });
    await prisma().pointer.upsert({
      where: { featureId_environment: { featureId, environment: "staging" } },
      create: { featureId, environment: "staging", versionId: other.id, updatedBy: "test" },
      update: { versionId: other.id },
    });
    expect((await getChange(fixture.people.ada, change.id)).conflict).toBe(true);
    await expect(applyChange(fixture.people.ada, change.id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("staging moved to version 99 of `airport.segment`") as string,
    });
    expect(pointer?.versionId).not.toBe(other.id);
    expect((await served())?.versionId).toBe(other.id);
    expect(await aliasOf(SAFE, "staging")).not.toBe(change.version);
  });
});

describe("deciding", () => {
  it("never counts the author's own approval, also through their token", async () => {
    const change = await open();
    const { ada } = fixture.people;
    const token = { ...ada, id: "token:1", name: "ci", kind: "token" as const, ownerId: ada.id };
    for (const who of [ada, token])
      await expect(reviewChange(who, change.id, { decision: "approve" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(applyChange(ada, change.id)).rejects.toMatchObject({ code: "conflict" });
    expect(await aliasOf(SAFE, "staging")).toBeNull();
  });

  it("cannot be approved into production while its score leaks", async () => {
    await promote(LEAKY, "staging");
    const change = await approved({ model: LEAKY, environment: "production" });
    expect(checkOf(change, "leakage")).toMatchObject({ grade: "hard", passed: false });
    expect(change.checks[0]?.name).toBe("leakage");
    expect(change).toMatchObject({ state: "in_review", needed: "The check leakage must pass." });
    expect(change.can.apply).toEqual({ allowed: false, reason: "The check leakage must pass." });
    await expect(applyChange(fixture.people.ada, change.id)).rejects.toMatchObject({ code: "conflict" });
    expect(await aliasOf(LEAKY, "production")).toBeNull();
  });

  it("only warns of a leak in staging, and of a verdict that nobody knows in production", async () => {
    const staged = await open({ model: LEAKY });
    expect(checkOf(staged, "leakage")).toMatchObject({ grade: "soft", passed: false });
    await addVersion(SAFE, { verdict: "unknown" });
    await promote(SAFE, "staging");
    const change = await approved({ environment: "production" });
    expect(checkOf(change, "leakage")).toMatchObject({ grade: "soft", passed: false });
    expect(change.state).toBe("approved");
  });

  it("waits for whoever must decide", async () => {
    await open();
    const waiting = async (who: Principal) =>
      (await listChanges(who, { workspace: fixture.workspace.name, view: "waiting" })).total;
    expect(await waiting(fixture.people.chiara)).toBe(1);
    expect(await waiting(fixture.people.ada)).toBe(0);
    expect(await waiting(fixture.people.devi)).toBe(0);
  });
});

describe("applying", () => {
  it("moves the alias, ends the request and records both sides", async () => {
    const applied = await promote(SAFE, "staging");
    expect(applied).toMatchObject({ state: "applied", open: false, conflict: false, pointerVersion: 1 });
    expect(await aliasOf(SAFE, "staging")).toBe(1);
    expect(await eventsOf("model.promote")).toMatchObject([
      {
        actorName: "Ada Lindqvist",
        object: `${fixture.workspace.name}/model/late_model_banded`,
        before: { environment: "staging", version: null },
        after: { environment: "staging", version: 1, change: 1, approvedBy: ["Chiara Rossi"] },
      },
    ]);
    expect(await eventsOf("feature.promote")).toEqual([]);
  });

  it("moves once when two apply at once", async () => {
    const { id } = await approved();
    const results = await Promise.allSettled([
      applyChange(fixture.people.ada, id),
      applyChange(fixture.people.bram, id),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await eventsOf("model.promote")).toHaveLength(1);
  });

  it("refuses when the alias moved, until a rebase that dismisses approvals", async () => {
    await addVersion(SAFE);
    const { id } = await approved({ version: 2 });
    await moveAlias(SAFE, "staging", 1);
    await expect(applyChange(fixture.people.ada, id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/staging moved to version 1 of `late_model_banded`/),
    });
    expect(await getChange(fixture.people.ada, id)).toMatchObject({ conflict: true, state: "approved" });

    const rebased = await rebaseChange(fixture.people.ada, id);
    expect(rebased).toMatchObject({ revision: 2, baseVersion: 1, conflict: false, stale: true, state: "in_review" });
    expect(evidenceOf(rebased).before).toMatchObject({ version: 1 });
    await reviewChange(fixture.people.chiara, id, { decision: "approve" });
    expect(await applyChange(fixture.people.ada, id)).toMatchObject({ state: "applied" });
    expect(await aliasOf(SAFE, "staging")).toBe(2);
  });

  it("asks the checks again: what leaks by now does not go to production", async () => {
    await promote(SAFE, "staging");
    const { id, state } = await approved({ environment: "production" });
    expect(state).toBe("approved");
    await prisma().leakageVerdict.updateMany({
      where: { modelVersionId: fixture.models[`${SAFE}@1`] },
      data: { verdict: "leak", explanation: ["It was seen."] },
    });
    await expect(applyChange(fixture.people.ada, id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^It cannot be applied yet\. .*leakage.*It was seen\./),
    });
    expect(await aliasOf(SAFE, "production")).toBeNull();
    // Who looks at it sees what is known now, not what was when it was opened.
    expect(await getChange(fixture.people.ada, id)).toMatchObject({
      state: "approved",
      open: true,
      evidence: { leakage: { verdict: "leak", sentence: expect.stringContaining("It was seen.") as string } },
    });
  });

  it("goes back to the version before, which a leak does not lock out", async () => {
    await addVersion(SAFE);
    await promote(SAFE, "staging", 1);
    await promote(SAFE, "production");
    await promote(SAFE, "staging", 2);
    await promote(SAFE, "production");
    await prisma().leakageVerdict.updateMany({
      where: { modelVersionId: fixture.models[`${SAFE}@1`] },
      data: { verdict: "leak" },
    });
    const back = await approved({ environment: "production", version: 1 });
    expect(back).toMatchObject({
      rollback: true,
      title: "Roll late_model_banded back to v1 in production",
      state: "approved",
    });
    expect(checkOf(back, "leakage")).toMatchObject({ grade: "soft", passed: false });
    await applyChange(fixture.people.bram, back.id);
    expect(await aliasOf(SAFE, "production")).toBe(1);
    expect(await aliasOf(SAFE, "staging")).toBe(2);
  });

  it("is withdrawn by its author, after which another may be opened", async () => {
    const { id } = await open();
    await expect(withdrawChange(fixture.people.bram, id)).rejects.toMatchObject({ code: "forbidden" });
    expect(await withdrawChange(fixture.people.ada, id)).toMatchObject({ state: "withdrawn" });
    expect(await open({}, fixture.people.bram)).toMatchObject({ number: 2 });
  });
});

it("lists requests by model, and models among what can be promoted", async () => {
  await open();
  await openChange(fixture.people.ada, {
    workspace: fixture.workspace.name,
    feature: "airport.segment",
    environment: "staging",
  });
  const workspace = fixture.workspace.name;
  const { items } = await listChanges(fixture.people.ada, { workspace, model: SAFE });
  expect(items.map(({ number, model, feature }) => [number, model, feature])).toEqual([[1, SAFE, null]]);
  const candidates = await listChangeCandidates(fixture.people.ada, workspace);
  expect(candidates.filter(({ model }) => model !== null)).toMatchObject([
    { model: LEAKY, versions: [1], serves: { dev: 1, staging: null, production: null }, open: { staging: null } },
    { model: SAFE, open: { staging: 1, production: null } },
  ]);
  expect(candidates.some(({ feature }) => feature === "airport.segment")).toBe(true);
});
