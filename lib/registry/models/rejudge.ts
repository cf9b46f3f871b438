/** Stored verdicts, judged anew: those of earlier versions of the product by the rules of this one, and others when more is known. */
import { log } from "@/lib/config/log";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { Verdict } from "@/lib/domain/leakage/codes";
import { type JudgedFeature, judgeEachFeature } from "@/lib/domain/leakage/judge-each-feature";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { isOfEarlierRules, RULES_VERSION } from "@/lib/domain/leakage/rules-version";
import { SYSTEM_ACTOR } from "@/lib/domain/principal";
import { recordEvent } from "../record-event";
import { asJson, leakageInputOf } from "../stored-json";
import { worstVerdict } from "./verdicts";

/** Model versions that are looked for at a time; each is judged in a transaction of its own. */
const BATCH = 20;

/** What was said of a feature version before. */
export interface EarlierVerdict {
  /** Why it was judged anew: by other rules, or with what was counted since. Left out by versions that knew the first only. */
  because?: "rules" | "measurement";
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

const JUDGED = {
  model: { select: { name: true, workspace: { select: { id: true, name: true } } } },
  verdicts: { include: { featureVersion: { select: { feature: { select: { name: true } } } } } },
} as const satisfies Prisma.ModelVersionInclude;
type JudgedVersion = Prisma.ModelVersionGetPayload<{ include: typeof JUDGED }>;

/** Loads a version whose verdicts nobody else judges until the transaction ends. */
export async function lockVerdicts(tx: Transaction, modelVersionId: string): Promise<JudgedVersion> {
  await tx.$queryRaw`SELECT 1 FROM "LeakageVerdict" WHERE "modelVersionId" = ${modelVersionId} ORDER BY "id" FOR UPDATE`;
  return tx.modelVersion.findUniqueOrThrow({ where: { id: modelVersionId }, include: JUDGED });
}

async function rejudge(modelVersionId: string): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const version = await lockVerdicts(tx, modelVersionId);
    // Another worker was here.
    if (!version.verdicts.some(({ rules }) => isOfEarlierRules(rules))) return;
    const judged = await judgeVersion(tx, version, leakageInputOf(version.leakageInput), "rules");
    if (judged.features.length === 0) return;
    await recordEvent(
      tx,
      { actor: SYSTEM_ACTOR, workspace: version.model.workspace, requestId: null },
      {
        action: "model.rejudge",
        object: `model/${version.model.name}`,
        before: { version: version.version, verdict: judged.before },
        after: { version: version.version, verdict: judged.after, rules: RULES_VERSION, features: judged.features },
      },
    );
  });
}

export interface JudgedAnew {
  /** The version's verdict, the worst of its features'. */
  before: Verdict;
  after: Verdict;
  /** Features of which something else is said now. */
  features: string[];
}

/** Judges every feature of a version anew. What was said stays as it was said where it is the same; else it is kept as history. */
export async function judgeVersion(
  tx: Transaction,
  version: JudgedVersion,
  input: LeakageInput,
  because: "rules" | "measurement",
): Promise<JudgedAnew> {
  const before = version.verdicts;
  const judged = judge(input, `${version.model.name} v${version.version}`);
  const after = before.map((row) => ({ row, now: judged(row.featureVersion.feature.name) }));
  // A count says something even where it does not change the verdict.
  const sayings = ({ explanation }: { explanation: readonly string[] }) =>
    because === "measurement" ? explanation : [];
  const changed = after.filter(
    ({ row, now }) => canonicalJson([meaningOf(row), sayings(row)]) !== canonicalJson([meaningOf(now), sayings(now)]),
  );
  await tx.leakageVerdict.updateMany({ where: { modelVersionId: version.id }, data: { rules: RULES_VERSION } });
  const until = new Date().toISOString();
  for (const { row, now } of changed) {
    const earlier = [...earlierOf(row), earlierVerdict(row, until, because)].map(asJson);
    await tx.leakageVerdict.update({ where: { id: row.id }, data: { ...toData(now), earlier } });
  }
  return {
    before: worstVerdict(before).verdict,
    after: worstVerdict(after.map((one) => one.now)).verdict,
    features: changed.map(({ row }) => row.featureVersion.feature.name),
  };
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

/** Written by `judgeVersion`. */
export const earlierOf = ({ earlier }: { earlier: unknown }) => earlier as EarlierVerdict[];

function earlierVerdict(
  row: Omit<EarlierVerdict, "until" | "because">,
  until: string,
  because: "rules" | "measurement",
): EarlierVerdict {
  const { rules, verdict, severity, reasons, explanation } = row;
  return { rules, verdict, severity, reasons, explanation, until, because };
}
