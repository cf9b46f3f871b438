import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { RULES_VERSION } from "@/lib/domain/leakage/rules-version";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getModel } from "./models";
import { rejudgeSome } from "./rejudge";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

const LEAKS = "late_model";
const version = async () => {
  const [newest] = (await getModel(fixture.people.devi, "flights", LEAKS)).versions;
  if (!newest) throw new Error("a version was expected");
  return newest;
};
const id = () => fixture.models[`${LEAKS}@1`] as string;
const rows = () => prisma().leakageVerdict.findMany({ where: { modelVersionId: id() }, orderBy: { id: "asc" } });

describe("verdicts of earlier rules", () => {
  it("are left alone when they are of the present ones", async () => {
    expect(await rejudgeSome()).toBe(0);
    expect((await version()).verdict).toBe("leak");
  });

  it("say so until they are judged anew, and stay as history where the rules now say something else", async () => {
    const before = await rows();
    const old = {
      verdict: "safe",
      severity: "none",
      reasons: ["DISJOINT_TIME"],
      explanation: ["No fit saw a test row."],
    };
    await prisma().leakageVerdict.updateMany({ where: { modelVersionId: id() }, data: { ...old, rules: null } });
    const stale = await version();
    expect(stale).toMatchObject({ verdict: "safe", isOfEarlierRules: true, earlierVerdicts: [] });
    expect(await rejudgeSome()).toBe(1);
    const now = await version();
    expect(now).toMatchObject({ verdict: "leak", isOfEarlierRules: false });
    const { explanation } = old;
    expect(now.earlierVerdicts.map(({ feature }) => feature)).toEqual(now.features.map(({ feature }) => feature));
    for (const told of now.earlierVerdicts)
      expect(told).toMatchObject({ verdict: "safe", explanation, until: expect.any(String) as string });
    const after = await rows();
    expect(after.map(({ verdict, reasons, explanation }) => [verdict, reasons, explanation])).toEqual(
      before.map((row) => [row.verdict, row.reasons, row.explanation]),
    );
    const [event] = await prisma().auditEvent.findMany({ where: { action: "model.rejudge" } });
    expect(event).toMatchObject({
      object: `flights/model/${LEAKS}`,
      before: { version: 1, verdict: "safe" },
      after: { version: 1, verdict: "leak", rules: RULES_VERSION },
    });
    expect(await rejudgeSome()).toBe(0);
  });

  it("keep their sentences where the rules come to the same", async () => {
    const kept = ["In the words of an earlier version."];
    await prisma().leakageVerdict.updateMany({
      where: { modelVersionId: id() },
      data: { rules: 1, explanation: kept },
    });
    expect(await rejudgeSome()).toBe(1);
    const after = await rows();
    expect(after.every(({ explanation, rules }) => explanation[0] === kept[0] && rules === RULES_VERSION)).toBe(true);
    expect(await prisma().auditEvent.count({ where: { action: "model.rejudge" } })).toBe(1);
  });

  it("are unknown, and no longer safe, where nothing was recorded to judge", async () => {
    await prisma().modelVersion.update({ where: { id: id() }, data: { leakageInput: {} } });
    await prisma().leakageVerdict.updateMany({
      where: { modelVersionId: id() },
      data: { rules: null, verdict: "safe" },
    });
    expect(await rejudgeSome()).toBe(1);
    const after = await rows();
    expect(new Set(after.map(({ verdict }) => verdict))).toEqual(new Set(["unknown"]));
  });
});
