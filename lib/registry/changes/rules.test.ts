import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RuleEvidence } from "@/lib/contracts/change-rules";
import type { Change } from "@/lib/contracts/changes";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import { judgePlaced } from "@/lib/domain/rules/judge-placed";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import type { Rule } from "@/lib/domain/definitions/rule";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { applyChange, getChange, listChanges, openChange, reviewChange } from "./changes";
import { recordRuleCheck } from "../rules/checks";
import { getDatasetRules } from "../rules/rules";
import type { Scope } from "../scope";

const SEGMENT = "airport.segment";
const notNull: Rule = { type: "expect_column_values_to_not_be_null", kwargs: {}, severity: "critical" };
const inSet: Rule = { type: "expect_column_values_to_be_in_set", kwargs: { value_set: ["hub"] }, severity: "warning" };

let fixture: Fixture;
let scope: Scope;

beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  fixture = await filledRegistry();
  scope = {
    actor: { id: "system", name: "Tributary", kind: "system", roles: ["admin"] },
    workspace: fixture.workspace,
    requestId: null,
  };
});

/** Declares the feature's rules, as applying its spec does. */
async function declare(rules: Rule[], sensitivity: FeatureDefinition["sensitivity"] = "none") {
  const { definition } = await prisma().feature.findUniqueOrThrow({
    where: { id: fixture.features[SEGMENT] as string },
  });
  await prisma().feature.update({
    where: { id: fixture.features[SEGMENT] as string },
    data: { declared: true, definition: { ...(definition as object), rules, sensitivity } as object },
  });
}

/** The newest output that holds version 2 of the feature, which the requests of these tests propose. */
async function output() {
  const { datasetVersion } = await prisma().featureValues.findFirstOrThrow({
    where: { featureVersionId: fixture.versions[`${SEGMENT}@2`] as string },
    orderBy: { createdAt: "desc" },
    include: { datasetVersion: true },
  });
  return datasetVersion;
}

/** Records a check of the rules on the output: as many unexpected values of each as given. */
async function check(unexpected: number[], rules: Rule[] = [notNull, inSet], feature: string = SEGMENT): Promise<void> {
  const { id, dataset, version } = await output();
  const placed = rules.map((rule): PlacedRule => ({ rule: { ...rule, kwargs: { column: "segment", ...rule.kwargs } }, feature, isPersonal: false })); // prettier-ignore
  const results = placed.map((one, at) => {
    const count = unexpected[at] ?? 0;
    return judgePlaced(one, { family: "map", elements: 300, missing: 0, unexpected: count, sample: [], counts: [] });
  });
  await prisma().$transaction((tx) =>
    recordRuleCheck(tx, scope, { dataset, datasetVersionId: id, version, placed, results }),
  );
}

const open = () =>
  openChange(fixture.people.ada, { workspace: fixture.workspace.name, feature: SEGMENT, environment: "staging" });
const approve = (id: string) => reviewChange(fixture.people.chiara, id, { decision: "approve" });
const now = (id: string) => getChange(fixture.people.ada, id);
const apply = (id: string) => applyChange(fixture.people.ada, id);
const rulesOf = ({ evidence }: Change) => evidence.rules as RuleEvidence;
const ruleCheck = (change: Change) => change.checks.find(({ name }) => name === "rules");
const served = async () =>
  (await prisma().pointer.findFirst({ where: { featureId: fixture.features[SEGMENT] as string, environment: "staging" }, include: { version: true } }))?.version.version; // prettier-ignore

describe("evidence of rules", () => {
  it("counts the feature's rules on its newest values", async () => {
    await declare([notNull, inSet]);
    await check([0, 0]);
    const change = await open();
    const { dataset, version } = await output();
    expect(rulesOf(change)).toMatchObject({ evaluated: 2, passed: 2, critical: 0, unchecked: 0, quarantined: [] });
    expect(rulesOf(change).datasets[0]).toMatchObject({ dataset, version, role: "values", quarantined: false });
    expect(ruleCheck(change)).toEqual({ name: "rules", grade: "hard", passed: true, sentence: "All 2 rules passed." });
  });

  it("does not count other features' rules of the same output", async () => {
    await check([0, 3], [notNull, inSet], "airport.departures_7d");
    expect(rulesOf(await open())).toMatchObject({ evaluated: 0, failed: [] });
  });

  it("says which rules were not checked in their present wording", async () => {
    await declare([notNull]);
    await check([0], [{ ...notNull, kwargs: { mostly: 0.5 } }]);
    const change = await open();
    expect(rulesOf(change).unchecked).toBe(1);
    expect(ruleCheck(change)).toMatchObject({ grade: "soft", passed: false });
    expect((await approve(change.id)).state).toBe("approved");
  });

  it("only warns of a rule that is not critical", async () => {
    await declare([notNull, inSet]);
    await check([0, 3]);
    const { id } = await open();
    await approve(id);
    expect(ruleCheck(await now(id))).toMatchObject({ grade: "soft", passed: false });
    expect((await apply(id)).state).toBe("applied");
  });
});

describe("a critical rule that fails", () => {
  it("blocks approval, and says what to do", async () => {
    await check([3, 0]);
    const { id } = await open();
    const change = await approve(id);
    const { dataset, version } = await output();
    expect(change.state).toBe("in_review");
    expect(change.needed).toBe("The check rules must pass.");
    expect(ruleCheck(change)?.sentence).toBe(
      `${dataset}@${version} is in quarantine. A critical rule failed: airport.segment: values are not null in ${dataset}@${version}. Correct the data, or relax the rule, and check again.`,
    );
    await expect(apply(id)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("in quarantine") as string }); // prettier-ignore
    expect(await served()).toBe(1);
  });

  it("of another feature blocks as well, because the output is in quarantine", async () => {
    await check([3], [notNull], "airport.departures_7d");
    const change = await open();
    expect(rulesOf(change)).toMatchObject({
      evaluated: 0,
      critical: 1,
      failed: [{ feature: "airport.departures_7d" }],
    });
    expect(ruleCheck(change)).toMatchObject({ grade: "hard", passed: false });
  });

  it("between approval and apply is seen: nothing moves, and once it passes again the request goes through", async () => {
    await check([0, 0]);
    const { id } = await open();
    expect((await approve(id)).state).toBe("approved");
    await check([1, 0]);
    expect((await now(id)).can.apply).toMatchObject({ allowed: false, reason: expect.stringContaining("must pass") as string }); // prettier-ignore
    await expect(apply(id)).rejects.toMatchObject({ code: "conflict" });
    expect(await served()).toBe(1);
    await check([0, 0]);
    expect((await apply(id)).state).toBe("applied");
    expect(await served()).toBe(2);
  });

  it("at the same time as apply comes before it or after it, never in between", async () => {
    await check([0, 0]);
    const { id } = await open();
    await approve(id);
    const [applied] = await Promise.allSettled([apply(id), check([1, 0])]);
    const events = await prisma().auditEvent.findMany({
      where: { workspace: fixture.workspace.name, action: { in: ["feature.promote", "dataset.quarantine"] } },
      orderBy: { sequence: "asc" },
    });
    const actions = events.map(({ action }) => action);
    if (applied.status === "fulfilled") expect(actions).toEqual(["feature.promote", "dataset.quarantine"]);
    else expect(actions).toEqual(["dataset.quarantine"]);
    expect(await served()).toBe(applied.status === "fulfilled" ? 2 : 1);
  });

  it("of a source that the values come from blocks what was computed from it, and no more", async () => {
    const { runId } = await output();
    const source = await prisma().datasetVersion.findFirstOrThrow({ where: { workspaceId: fixture.workspace.id, dataset: "flights" } });
    await prisma().runInput.createMany({ data: [{ runId: runId as string, datasetVersionId: source.id }], skipDuplicates: true });
    const { id } = await open();
    expect(rulesOf(await now(id)).datasets.map(({ dataset }) => dataset)).toContain("flights");
    await prisma().datasetVersion.update({ where: { id: source.id }, data: { quarantinedAt: new Date() } });
    expect(ruleCheck(await now(id))).toMatchObject({ grade: "hard", passed: false, sentence: expect.stringContaining(`flights@${source.version} is in quarantine`) as string });
    const blocked = (await getDatasetRules(fixture.people.ada, fixture.workspace.name, "flights")).blocked;
    const isNewest = (await prisma().datasetVersion.count({ where: { dataset: "flights", workspaceId: fixture.workspace.id, version: { gt: source.version } } })) === 0;
    if (isNewest) expect(blocked.map(({ kind }) => kind)).toContain("change");
  }); // prettier-ignore

  it("shows in the list of requests what is needed", async () => {
    await check([3, 0]);
    const { id } = await open();
    const { items } = await listChanges(fixture.people.chiara, { workspace: fixture.workspace.name, view: "open" });
    expect(items.find((item) => item.id === id)?.needed).toContain("The check rules must pass.");
  });

  it("keeps a finished request as it was known then", async () => {
    await check([0, 0]);
    const { id } = await open();
    await approve(id);
    await apply(id);
    await check([9, 0]);
    expect(rulesOf(await now(id))).toMatchObject({ passed: 2, quarantined: [] });
  });
});

describe("personal data that were found", () => {
  const rule: Rule = { type: "values_to_hold_no_personal_data", kwargs: { column: "segment" }, severity: "critical" };
  async function find(sensitivity: string): Promise<void> {
    const { id, dataset, version } = await output();
    const placed: PlacedRule = { rule: { ...rule, kwargs: { ...rule.kwargs, sensitivity } }, feature: SEGMENT, isPersonal: false };
    const result = judgePlaced(placed, { family: "personal", elements: 9, missing: 0, sampled: 9, unexpected: 2, byName: null, found: [{ kind: "email", values: 2, examples: ["axx@xx.xx"] }] });
    await prisma().$transaction((tx) => recordRuleCheck(tx, scope, { dataset, datasetVersionId: id, version, placed: [placed], results: [result] }));
  } // prettier-ignore

  it("block the promotion, shown masked", async () => {
    await find("none");
    const change = await open();
    expect(rulesOf(change).personal).toEqual([
      expect.objectContaining({ column: SEGMENT, kinds: ["e-mail addresses"], examples: ["axx@xx.xx"], declared: false }),
    ]); // prettier-ignore
    expect(ruleCheck(change)).toMatchObject({ grade: "hard", passed: false });
  });

  it("are shown and block nothing where they are declared", async () => {
    await find("personal");
    const change = await open();
    expect(rulesOf(change).personal).toMatchObject([{ declared: true }]);
    expect(ruleCheck(change)).toMatchObject({ passed: true });
  });
});

describe("a model", () => {
  it("rests on everything that its run wrote and read", async () => {
    const [name] = Object.keys(fixture.models);
    const model = (name as string).split("@")[0] as string;
    const version = await prisma().modelVersion.findUniqueOrThrow({ where: { id: fixture.models[name as string] as string } });
    const written = await prisma().datasetVersion.findFirstOrThrow({ where: { runId: version.runId } });
    await prisma().datasetVersion.update({ where: { id: written.id }, data: { quarantinedAt: new Date() } });
    const change = await openChange(fixture.people.ada, { workspace: fixture.workspace.name, model, environment: "staging" });
    expect(ruleCheck(change)).toMatchObject({ grade: "hard", passed: false });
    expect(rulesOf(change).quarantined).toEqual([`${written.dataset}@${written.version}`]);
  }); // prettier-ignore
});
