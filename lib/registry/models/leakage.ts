import type { LeakageProof } from "@/lib/contracts/leakage";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { CONSUMER, SEARCH, VERDICTS } from "@/lib/domain/leakage/codes";
import { describeRowSet, UNRECORDED_ROWS } from "@/lib/domain/leakage/describe-row-set";
import { explainVerdict } from "@/lib/domain/leakage/explain-verdict";
import { judgeLeakage, judgeOwnRows } from "@/lib/domain/leakage/judge-leakage";
import { findMeasurable } from "@/lib/domain/leakage/measurable";
import { describeMeasurement } from "@/lib/domain/leakage/measured-fit";
import { suggestFixes } from "@/lib/domain/leakage/suggest-fixes";
import type { Fit, LeakageInput } from "@/lib/domain/leakage/types";
import { assertCan, can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { chainThrough } from "./leakage-chain";
import { drawPlane, isRowSet } from "./leakage-plane";
import { scopeIn } from "../scope";
import { leakageInputOf } from "../stored-json";

/**
 * The verdict of a model version, or of one feature that it reads, with what it rests on. It is judged again from the input
 * that was kept, which never changes.
 */
export async function getLeakageProof(
  principal: Principal,
  modelVersionId: string,
  feature?: string,
): Promise<LeakageProof> {
  const row = await prisma().modelVersion.findUnique({
    where: { id: modelVersionId },
    include: {
      model: { include: { workspace: { select: { id: true, name: true } } } },
      run: { select: { number: true } },
      verdicts: { select: { featureVersion: { select: { version: true, feature: { select: { name: true } } } } } },
    },
  });
  const scope = scopeIn(principal, row?.model.workspace, `model version \`${modelVersionId}\``);
  assertCan(scope.actor, "usage:read");
  if (!row) throw new DomainError("not_found", `There is no model version \`${modelVersionId}\` that you can see.`);
  const read = row.verdicts.map(({ featureVersion }) => featureVersion);
  const about = read.find((version) => version.feature.name === feature);
  if (feature !== undefined && !about)
    throw new DomainError("not_found", `\`${row.model.name}\` version ${row.version} does not read \`${feature}\`.`, {
      reads: read.map((version) => version.feature.name).sort(),
    });

  const whole = leakageInputOf(row.leakageInput);
  const input: LeakageInput = {
    ...whole,
    consumer: { ...whole.consumer, name: row.model.name, ...(feature !== undefined && { features: [feature] }) },
  };
  const verdict = judgeLeakage(input);
  const upstream = Object.keys(verdict.perEstimator);
  const own = verdict.perEstimator[CONSUMER] ? judgeOwnRows(input) : null;
  return {
    model: row.model.name,
    modelVersion: row.version,
    modelVersionId: row.id,
    run: row.run?.number ?? null,
    runId: row.runId,
    feature: feature ?? null,
    featureVersion: about?.version ?? null,
    verdict: verdict.verdict,
    severity: verdict.severity,
    reasons: verdict.reasons,
    warnings: verdict.warnings,
    explanation: explainVerdict(input, verdict),
    train: rowsInWords(input.consumer.train, input),
    test: describeRowSet(input.consumer.test, input),
    unit: [...input.consumer.unit],
    own: own && { ...own, rows: rowsInWords(input.consumer.train, input) },
    estimators: input.estimators
      .filter(({ id }) => upstream.includes(id))
      .map(({ id, class: estimatorClass, fit }) => ({
        id,
        class: estimatorClass,
        verdict: verdict.perEstimator[id]?.verdict ?? "unknown",
        reasons: verdict.perEstimator[id]?.reasons ?? [],
        rows: rowsInWords(fit, input),
        chain: chainThrough(input, verdict, id),
      }))
      .sort((one, other) => VERDICTS.indexOf(other.verdict) - VERDICTS.indexOf(one.verdict)),
    measurements: input.measurements
      .filter(({ estimator }) => OWN.has(estimator) || upstream.includes(estimator))
      .map((measurement) => ({
        estimator: measurement.estimator,
        text: describeMeasurement(measurement, input.consumer.unit),
      })),
    measurable: { ...measurableIn(input), may: can(scope.actor.roles, "run:start") },
    plane: drawPlane(input, upstream),
    fixes: suggestFixes(input, verdict).map((fix) => ({
      action: fix.action,
      title: fix.title,
      estimator: fix.estimator ?? null,
      rows: fix.fit === undefined ? null : rowsInWords(fix.fit, input),
      verdictAfter: fix.verdictAfter?.verdict ?? null,
      severityAfter: fix.verdictAfter?.severity ?? null,
    })),
  };
}

const OWN: ReadonlySet<string> = new Set([CONSUMER, SEARCH]);

/** What a count of units could still settle: not what was counted exactly. */
function measurableIn(input: LeakageInput): Omit<LeakageProof["measurable"], "may"> {
  const exact = new Set(input.measurements.flatMap(({ estimator, method }) => (method === "exact" ? [estimator] : [])));
  const { asked, refused } = findMeasurable(input, "undecided");
  return { fits: asked.map(({ estimator }) => estimator).filter((estimator) => !exact.has(estimator)), refused };
}

function rowsInWords(fit: Fit, input: LeakageInput): string {
  if (fit === null) return UNRECORDED_ROWS;
  if (isRowSet(fit)) return describeRowSet(fit, input);
  return fit.attested ? "rows elsewhere, attested" : "rows elsewhere, not attested";
}
