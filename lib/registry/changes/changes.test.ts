import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FeatureEvidence } from "@/lib/contracts/change-evidence";
import type { Change } from "@/lib/contracts/changes";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { listAuditEvents } from "../audit/audit";
import { applyChange, getChange, listChanges, openChange, rebaseChange, reviewChange, withdrawChange } from "./changes";

let fixture: Fixture;

beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  fixture = await filledRegistry();
});

const SEGMENT = { feature: "airport.segment", environment: "staging" as const };

const open = (who: Principal = fixture.people.ada, more: Partial<Parameters<typeof openChange>[1]> = {}) =>
  openChange(who, { workspace: fixture.workspace.name, ...SEGMENT, ...more });

async function approved(more: Partial<Parameters<typeof openChange>[1]> = {}): Promise<Change> {
  const change = await open(fixture.people.ada, more);
  return reviewChange(fixture.people.chiara, change.id, { decision: "approve" });
}

const pointerOf = async (feature: string, environment: string) => {
  const featureId = fixture.features[feature] as string;
  const row = await prisma().pointer.findUnique({
    where: { featureId_environment: { featureId, environment } },
    include: { version: true },
  });
  return row?.version.version ?? null;
};

/** As if somebody had moved the pointer by another way. */
const movePointer = (version: number, environment = "staging") =>
  prisma().pointer.update({
    where: { featureId_environment: { featureId: fixture.features["airport.segment"] as string, environment } },
    data: { versionId: fixture.versions[`airport.segment@${version}`] },
  });

const eventsOf = async (action: string) =>
  prisma().auditEvent.findMany({ where: { workspace: fixture.workspace.name, action }, orderBy: { sequence: "asc" } });

/** The evidence of a request on a feature. */
function evidenceOf({ evidence }: Change): FeatureEvidence {
  if (evidence.kind !== "feature") throw new Error("The request is about a model.");
  return evidence;
}

describe("openChange", () => {
  it("proposes what the environment before serves, with evidence", async () => {
    const change = await open();
    expect(change).toMatchObject({
      number: 1,
      state: "in_review",
      title: "Promote airport.segment v2 to staging",
      version: 2,
      baseVersion: 1,
      conflict: false,
      stale: false,
      rollback: false,
      author: { name: "Ada Lindqvist" },
      mine: true,
      waitingForMe: false,
    });
    const { definition, plan, leakage, impact, owners } = evidenceOf(change);
    expect(definition.before?.writer).toBe("airport_segments");
    expect(definition.after.writer).toBe("airport_bands");
    expect(definition.changes).toContainEqual({ path: "params.k", kind: "removed", before: 3 });
    expect(Object.fromEntries(plan.map((item) => [item.stage, item.change]))).toEqual({
      flights: "kept",
      airport_traffic: "kept",
      airport_bands: "added",
      airport_profile: "removed",
      airport_scaler: "removed",
      airport_segments: "removed",
    });
    expect(leakage.map((item) => [item.model, item.verdict])).toEqual([["late_model_banded", "safe"]]);
    expect(impact.map((item) => `${item.kind} ${item.name}`)).toEqual(
      expect.arrayContaining([
        "view airport_stats",
        "model late_model",
        "stage flight_segment_index",
        "feature flight.late_probability",
      ]),
    );
    expect(owners).toEqual(["delay-analytics", "network-planning"]);
  });

  const profileOf = (version: number, values: string[], counts: number[], other = 0) =>
    prisma().profile.updateMany({
      where: { featureVersionId: fixture.versions[`airport.segment@${version}`], part: "all", windowFrom: null },
      data: { histogram: { kind: "categorical", values, counts, other, missing: 0 } },
    });

  it("says how the values differ, also when another strategy has other ones", async () => {
    await profileOf(1, ["a", "b"], [500, 500]);
    await profileOf(2, ["b", "c"], [950, 50]);
    const { drift } = evidenceOf(await open());
    expect(drift).toMatchObject({
      metric: "js_distance",
      state: "critical",
      reference: { version: 1 },
      current: { version: 2 },
    });
    expect(drift?.bars).toEqual([
      { label: '"a"', reference: 500, current: 0 },
      { label: '"b"', reference: 500, current: 950 },
      { label: '"c"', reference: 0, current: 50 },
    ]);
  });

  it("names the models that were trained on another version, with the values that they never saw", async () => {
    await profileOf(1, ["a", "b"], [500, 500]);
    await profileOf(2, ["b", "c"], [950, 50]);
    await prisma().profile.deleteMany({
      where: { featureVersionId: fixture.versions["airport.segment@1"], part: "train" },
    });
    const change = await open();
    expect(evidenceOf(change).readers).toMatchObject([
      { model: "late_model", modelVersion: 1, trainedOn: 1, neverSeen: ["c"] },
    ]);
    const check = change.checks.find(({ name }) => name === "readers");
    expect(check).toMatchObject({ grade: "soft", passed: false });
    expect(check?.sentence).toBe(
      "`late_model` v1 was trained on version 1, and would receive values that it never saw: `c`.",
    );
  });

  it("does not compare what was counted in buckets that say nothing of each other", async () => {
    await profileOf(1, ["a", "b"], [500, 500]);
    await profileOf(2, ["b", "c"], [900, 50], 50);
    expect(evidenceOf(await open()).drift).toBeNull();
  });

  it("has no base where the environment serves nothing yet", async () => {
    const change = await open(fixture.people.ada, { feature: "flight.hour", environment: "production" });
    expect(change).toMatchObject({ baseVersion: null, pointerVersion: null });
    expect(evidenceOf(change).drift).toBeNull();
  });

  it("skips no environment", async () => {
    await expect(open(fixture.people.ada, { environment: "production", version: 2 })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("staging serves version 1"),
    });
  });

  it("has nothing to do where the version is served already, and knows what it does not know", async () => {
    await expect(open(fixture.people.ada, { environment: "production" })).rejects.toMatchObject({ code: "conflict" });
    await expect(open(fixture.people.ada, { version: 9 })).rejects.toMatchObject({ code: "not_found" });
    await expect(open(fixture.people.ada, { feature: "airport.nothing" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("is one per feature and environment", async () => {
    await open();
    await expect(open(fixture.people.bram)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Change request 1 by Ada Lindqvist is already open"),
    });
  });

  it("is for makers", async () => {
    await expect(open(fixture.people.devi)).rejects.toMatchObject({ code: "forbidden" });
    await expect(open(fixture.stranger)).rejects.toMatchObject({ code: "not_found" });
  });

  it("lets one of two at once through", async () => {
    const results = await Promise.allSettled([open(), open(fixture.people.bram)]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
    expect(await eventsOf("change.open")).toHaveLength(1);
  });
});

describe("reviewChange", () => {
  it("refuses the author, also through their token, and says why", async () => {
    const change = await open();
    expect(change.can.approve).toEqual({
      allowed: false,
      reason: "Ada Lindqvist wrote this change, so somebody else must approve it.",
    });
    const token = {
      ...fixture.people.ada,
      id: "token:1",
      name: "ci",
      kind: "token" as const,
      ownerId: fixture.people.ada.id,
    };
    for (const who of [fixture.people.ada, token])
      for (const decision of ["approve", "reject", "request_changes"] as const)
        await expect(reviewChange(who, change.id, { decision, comment: "x" })).rejects.toMatchObject({
          code: "forbidden",
        });
    expect((await getChange(fixture.people.ada, change.id)).reviews).toEqual([]);
  });

  it("takes an approval and says that it can be applied", async () => {
    const change = await approved();
    expect(change).toMatchObject({ state: "approved", stale: false });
    expect(change.needed).toContain("It can be applied.");
    expect(change.can.apply).toEqual({ allowed: true, reason: null });
    expect(await eventsOf("change.review")).toMatchObject([
      {
        actorName: "Chiara Rossi",
        object: `${fixture.workspace.name}/change/1`,
        after: { decision: "approve", state: "approved" },
      },
    ]);
  });

  it("follows a reviewer who asks for changes and is then content", async () => {
    const { id } = await open();
    const asked = await reviewChange(fixture.people.bram, id, { decision: "request_changes", comment: "Why bands?" });
    expect(asked.state).toBe("changes_requested");
    expect(asked.needed).toContain("Bram Okafor asked for changes.");
    expect((await reviewChange(fixture.people.chiara, id, { decision: "approve" })).state).toBe("changes_requested");
    expect((await reviewChange(fixture.people.ada, id, { decision: "comment", comment: "Less noise." })).state).toBe(
      "changes_requested",
    );
    expect((await reviewChange(fixture.people.bram, id, { decision: "approve" })).state).toBe("approved");
    expect((await reviewChange(fixture.people.bram, id, { decision: "request_changes", comment: "Wait." })).state).toBe(
      "changes_requested",
    );
  });

  it("ends with a rejection, after which another may be opened", async () => {
    const { id } = await open();
    const rejected = await reviewChange(fixture.people.chiara, id, { decision: "reject", comment: "Not now." });
    expect(rejected).toMatchObject({ state: "rejected", open: false });
    await expect(reviewChange(fixture.people.chiara, id, { decision: "approve" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await open(fixture.people.bram)).number).toBe(2);
  });

  it("needs a comment for anything but an approval, and the digest that is current", async () => {
    const { id } = await open();
    await expect(reviewChange(fixture.people.chiara, id, { decision: "reject" })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(
      reviewChange(fixture.people.chiara, id, { decision: "approve", digest: "other" }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets an auditor comment and not decide", async () => {
    const { id } = await open();
    expect(
      (await reviewChange(fixture.people.devi, id, { decision: "comment", comment: "Noted." })).reviews,
    ).toHaveLength(1);
    await expect(reviewChange(fixture.people.devi, id, { decision: "approve" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("applyChange", () => {
  it("moves the pointer, ends the request and records both sides", async () => {
    const { id } = await approved();
    const applied = await applyChange(fixture.people.ada, id);
    expect(applied).toMatchObject({ state: "applied", open: false, conflict: false, pointerVersion: 2 });
    expect(await pointerOf("airport.segment", "staging")).toBe(2);
    expect(await eventsOf("feature.promote")).toMatchObject([
      {
        actorName: "Ada Lindqvist",
        object: `${fixture.workspace.name}/feature/airport.segment`,
        before: { environment: "staging", version: 1 },
        after: { environment: "staging", version: 2, change: 1, approvedBy: ["Chiara Rossi"] },
      },
    ]);
  });

  it("is in the log under its number, from opening to what applying it did", async () => {
    const { id } = await approved();
    await applyChange(fixture.people.ada, id);
    const workspace = fixture.workspace.name;
    const actions = async (filter: object) =>
      (await listAuditEvents(fixture.people.devi, { workspace, limit: 50, ...filter })).items.map(
        ({ action }) => action,
      );
    const history = ["feature.promote", "change.review", "change.open"];
    expect(await actions({ change: 1 })).toEqual(history);
    expect(await actions({ object: "change/1" })).toEqual(history);
    expect(await actions({ object: `${workspace}/change/1` })).toEqual(history);
    expect(await actions({ object: "change/11" })).toEqual([]);
    expect(await actions({ change: 1, action: "feature" })).toEqual(["feature.promote"]);
  });

  it("knows who approves as the owner: the members of the group", async () => {
    const { id } = await open();
    expect((await getChange(fixture.people.ada, id)).owner).toBeNull();
    const by = { createdBy: "test", updatedBy: "test" };
    const group = await prisma().group.create({
      data: { workspaceId: fixture.workspace.id, name: "network-planning", ...by },
    });
    await prisma().groupMember.create({
      data: { groupId: group.id, userId: fixture.people.bram.id, createdBy: "test" },
    });
    await reviewChange(fixture.people.bram, id, { decision: "approve" });
    const change = await reviewChange(fixture.people.chiara, id, { decision: "comment", comment: "Fine." });
    expect(change.owner).toEqual({
      kind: "group",
      name: "network-planning",
      members: [{ id: fixture.people.bram.id, name: "Bram Okafor" }],
    });
    expect(change.reviews.map(({ asOwner }) => asOwner)).toEqual([true, false]);
  });

  it("creates the pointer of an environment that served nothing", async () => {
    const { id } = await approved({ feature: "flight.hour", environment: "production" });
    await applyChange(fixture.people.chiara, id);
    expect(await pointerOf("flight.hour", "production")).toBe(1);
  });

  it("waits for an approval that counts", async () => {
    const { id } = await open();
    await expect(applyChange(fixture.people.ada, id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("One approval is needed"),
    });
    await reviewChange(fixture.people.chiara, id, { decision: "approve" });
    await prisma().roleBinding.deleteMany({
      where: { userId: fixture.people.chiara.id, workspaceId: fixture.workspace.id },
    });
    await expect(applyChange(fixture.people.ada, id)).rejects.toMatchObject({ code: "conflict" });
    expect(await pointerOf("airport.segment", "staging")).toBe(1);
  });

  it("moves once when two apply at once", async () => {
    const { id } = await approved();
    const results = await Promise.allSettled([
      applyChange(fixture.people.ada, id),
      applyChange(fixture.people.bram, id),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
    expect(await eventsOf("feature.promote")).toHaveLength(1);
  });

  it("refuses when the pointer moved, until a rebase that dismisses approvals", async () => {
    await movePointer(2);
    await movePointer(1, "production");
    const { id } = await approved({ environment: "production", version: 2 });
    await movePointer(1);
    await prisma().pointer.deleteMany({
      where: { featureId: fixture.features["airport.segment"], environment: "production" },
    });
    await expect(applyChange(fixture.people.ada, id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/moved to no version/),
    });
    expect(await getChange(fixture.people.ada, id)).toMatchObject({ conflict: true, state: "approved" });
    expect(await eventsOf("feature.promote")).toEqual([]);

    const rebased = await rebaseChange(fixture.people.ada, id);
    expect(rebased).toMatchObject({ revision: 2, baseVersion: null, conflict: false, stale: true, state: "in_review" });
    expect(rebased.reviews).toMatchObject([{ stale: true }]);
    expect(rebased.needed).toContain("The approval of Chiara Rossi was for an earlier revision.");
    await reviewChange(fixture.people.chiara, id, { decision: "approve" });
    expect(await applyChange(fixture.people.ada, id)).toMatchObject({ state: "applied" });
    expect(await pointerOf("airport.segment", "production")).toBe(2);
  });

  it("goes back the way it came", async () => {
    const { id } = await approved();
    await applyChange(fixture.people.ada, id);
    const back = await open(fixture.people.bram, { version: 1 });
    expect(back).toMatchObject({ rollback: true, title: "Roll airport.segment back to v1 in staging" });
    await reviewChange(fixture.people.chiara, back.id, { decision: "approve" });
    await applyChange(fixture.people.bram, back.id);
    expect(await pointerOf("airport.segment", "staging")).toBe(1);
  });
});

it("is withdrawn by its author or an admin, and rebased only after a move", async () => {
  const { id } = await open();
  await expect(withdrawChange(fixture.people.bram, id)).rejects.toMatchObject({ code: "forbidden" });
  await expect(rebaseChange(fixture.people.ada, id)).rejects.toMatchObject({ code: "conflict" });
  expect(await withdrawChange(fixture.people.ada, id)).toMatchObject({ state: "withdrawn", open: false });
});

describe("listChanges", () => {
  it("knows who must decide", async () => {
    const first = await open();
    await open(fixture.people.bram, { feature: "flight.hour", environment: "production" });
    const numbers = async (who: Principal, view: "waiting" | "open" | "mine" | "ended") => {
      const { items, total } = await listChanges(who, { workspace: fixture.workspace.name, view });
      expect(total).toBe(items.length);
      return items.map((change) => change.number);
    };
    expect(await numbers(fixture.people.ada, "waiting")).toEqual([2]);
    expect(await numbers(fixture.people.chiara, "waiting")).toEqual([2, 1]);
    expect(await numbers(fixture.people.devi, "waiting")).toEqual([]);
    expect(await numbers(fixture.people.ada, "mine")).toEqual([1]);
    await reviewChange(fixture.people.chiara, first.id, { decision: "reject", comment: "No." });
    expect(await numbers(fixture.people.chiara, "waiting")).toEqual([2]);
    expect(await numbers(fixture.people.chiara, "ended")).toEqual([1]);
  });

  it("pages and is found by number", async () => {
    await open();
    await open(fixture.people.bram, { feature: "flight.hour", environment: "production" });
    const { workspace } = fixture;
    const page = await listChanges(fixture.people.ada, { workspace: workspace.name, limit: 1 });
    expect(page).toMatchObject({ total: 2, nextCursor: "2" });
    const next = await listChanges(fixture.people.ada, { workspace: workspace.name, limit: 1, cursor: "2" });
    expect(next).toMatchObject({ items: [{ number: 1 }], nextCursor: null });
    expect(await getChange(fixture.people.devi, { workspace: workspace.name, number: 2 })).toMatchObject({ number: 2 });
    await expect(getChange(fixture.stranger, { workspace: workspace.name, number: 2 })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
