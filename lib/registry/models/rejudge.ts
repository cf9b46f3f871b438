/** Verdicts that earlier versions of the product stored, judged by the rules of this one. */
import { log } from "@/lib/config/log";
import { prisma } from "@/lib/db/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { type JudgedFeature, judgeEachFeature } from "@/lib/domain/leakage/judge-each-feature";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { isOfEarlierRules, RULES_VERSION } from "@/lib/domain/leakage/rules-version";
import { SYSTEM_ACTOR } from "@/lib/domain/principal";
import { recordEvent } from "../record-event";
import { asJson, leakageInputOf } from "../stored-json";
import { worstVerdict } from "./verdicts";

/** Model versions that are looked for at a time; each is judged in a transaction of its own. */
const BATCH = 20;

/** What earlier rules said of a feature version. */
export interface EarlierVerdict {
  /** Null before versions of rules were kept. */
  rules: number | null;
  verdict: string;
  severity: string;
  reasons: string[];
  explanation: string[];
  /** When it was judged anew, ISO. */
  until: string;
}

/** Judges model versions with verdicts of earlier rules. @returns how many; 0 when there is none left */
export async function rejudgeSome(): Promise<number> {
  const rows = await prisma().$queryRaw<{ id: string }[]>`
    SELECT DISTINCT "modelVersionId" AS "id" FROM "LeakageVerdict"
    WHERE coalesce("rules", 0) < ${RULES_VERSION} ORDER BY 1 LIMIT ${BATCH}`;
  for (const { id } of rows) await rejudge(id);
  return rows.length;
}

async function rejudge(modelVersionId: string): Promise<void> {
  await prisma().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "LeakageVerdict" WHERE "modelVersionId" = ${modelVersionId} ORDER BY "id" FOR UPDATE`;
    const version = await tx.modelVersion.findUniqueOrThrow({
      where: { id: modelVersionId },
      include: {
        model: { select: { name: true, workspace: { select: { id: true, name: true } } } },
        verdicts: { include: { featureVersion: { select: { feature: { select: { name: true } } } } } },
      },
    });
    const before = version.verdicts;
    // Another worker was here.
    if (!before.some(({ rules }) => isOfEarlierRules(rules))) return;
    const judged = judge(leakageInputOf(version.leakageInput), `${version.model.name} v${version.version}`);
    const after = before.map((row) => ({ row, now: judged(row.featureVersion.feature.name) }));
    const changed = after.filter(({ row, now }) => canonicalJson(meaningOf(row)) !== canonicalJson(meaningOf(now)));
    // What was said stays as it was said where the rules still come to it.
    await tx.leakageVerdict.updateMany({ where: { modelVersionId }, data: { rules: RULES_VERSION } });
    const until = new Date().toISOString();
    for (const { row, now } of changed) {
      const earlier = [...earlierOf(row), earlierVerdict(row, until)].map(asJson);
      await tx.leakageVerdict.update({ where: { id: row.id }, data: { ...toData(now), earlier } });
    }
    if (changed.length === 0) return;
    const [then, now] = [worstVerdict(before).verdict, worstVerdict(after.map((one) => one.now)).verdict];
    await recordEvent(
      tx,
      { actor: SYSTEM_ACTOR, workspace: version.model.workspace, requestId: null },
      {
        action: "model.rejudge",
        object: `model/${version.model.name}`,
        before: { version: version.version, verdict: then },
        after: {
          version: version.version,
          verdict: now,
          rules: RULES_VERSION,
          features: changed.map(({ row }) => row.featureVersion.feature.name),
        },
      },
    );
  });
}

/** Feature → its verdict by the present rules; `unknown` where what was recorded does not do. */
function judge(input: LeakageInput, about: string): (feature: string) => Omit<JudgedFeature, "feature"> {
  let judged: JudgedFeature[] = [];
  try {
    judged = judgeEachFeature(input);
  } catch (error) {
    log().warn({ err: error, model: about }, "a stored verdict cannot be judged anew");
  }
  return (feature) => {
    const found = judged.find((one) => one.feature === feature);
    if (!found) return NOT_RECORDED;
    const { feature: _, ...verdict } = found;
    return verdict;
  };
}

const NOT_RECORDED: Omit<JudgedFeature, "feature"> = {
  verdict: "unknown",
  severity: "review",
  reasons: ["FIT_UNRECORDED"],
  warnings: [],
  perEstimator: {},
  explanation: [
    "Earlier rules judged it, and what they judged was not recorded, so that nothing can judge it anew. Run it again.",
  ],
};

function meaningOf({
  verdict,
  severity,
  reasons,
  warnings,
}: {
  verdict: string;
  severity: string;
  reasons: readonly string[];
  warnings: readonly string[];
}) {
  return { verdict, severity, reasons, warnings };
}

function toData({ perEstimator, ...verdict }: Omit<JudgedFeature, "feature">) {
  return { ...verdict, perEstimator: asJson(perEstimator) };
}

/** Written by `rejudge`. */
export const earlierOf = ({ earlier }: { earlier: unknown }) => earlier as EarlierVerdict[];

function earlierVerdict(row: Omit<EarlierVerdict, "until">, until: string): EarlierVerdict {
  const { rules, verdict, severity, reasons, explanation } = row;
  return { rules, verdict, severity, reasons, explanation, until };
}
