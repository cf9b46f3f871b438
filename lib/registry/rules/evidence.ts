import type { RuleEvidence } from "@/lib/contracts/change-rules";
import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { describeResult } from "@/lib/domain/rules/describe-result";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import { digestOf } from "../record-event";
import { type DataBehind, findDataBehind, type RuleSubject } from "./data";
import { wordsOf } from "./checks";
import { placedOnOutput, placedOnSource } from "./placement";
import { withholdResults } from "./personal-results";
import { definitionOf, suiteResultOf } from "../stored-json";

const DATASET = {
  id: true,
  dataset: true,
  version: true,
  quarantinedAt: true,
  source: { select: { definition: true } },
  ruleChecks: { orderBy: { createdAt: "desc" }, take: 1, select: { result: true, createdAt: true } },
} as const;

interface Checked {
  dataset: string;
  version: number;
  entity: string;
  quarantined: boolean;
  checkedAt: Date | null;
  results: RuleResult[];
  placed: PlacedRule[];
}

/**
 * What rules say of the data behind each subject, as of now: the newest values of a feature version with the versions of sources
 * that they come from, everything that a model's run read and wrote.
 * @param lock keeps a check that runs at the same time from putting any of it into quarantine until the transaction ends
 */
export async function gatherRuleEvidence(
  db: Client | Transaction,
  workspaceId: string,
  subjects: readonly RuleSubject[],
  { lock = false }: { lock?: boolean } = {},
): Promise<RuleEvidence[]> {
  if (subjects.length === 0) return [];
  const behind = await findDataBehind(db, workspaceId, subjects);
  const ids = [...new Set(behind.flatMap(({ values, sources }) => [...values, ...sources]))].sort();
  if (lock) await db.$executeRaw`SELECT 1 FROM "DatasetVersion" WHERE "id" = ANY(${ids}) ORDER BY "id" FOR SHARE`;
  const checked = await loadChecked(db, workspaceId, ids);
  return behind.map((data) => compile(data, checked));
}

async function loadChecked(
  db: Client | Transaction,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Checked>> {
  const rows = await db.datasetVersion.findMany({ where: { id: { in: [...ids] } }, select: DATASET });
  const checked = new Map<string, Checked>();
  for (const row of rows) {
    const source = row.source && definitionOf("Source", row.source);
    const [check] = row.ruleChecks;
    checked.set(row.id, {
      dataset: row.dataset,
      version: row.version,
      entity: source?.entity ?? row.dataset.slice(0, row.dataset.indexOf("@")),
      quarantined: row.quarantinedAt !== null,
      checkedAt: check?.createdAt ?? null,
      results: check ? await withholdResults(db, workspaceId, row.dataset, suiteResultOf(check.result).results) : [],
      placed: source ? await placedOnSource(db, workspaceId, source) : await placedOnOutput(db, workspaceId, row.id),
    });
  }
  return checked;
}

function compile({ feature, values, sources }: DataBehind, checked: ReadonlyMap<string, Checked>): RuleEvidence {
  const parts = [
    ...values.map((id) => ({ id, role: "values" as const })),
    ...sources.map((id) => ({ id, role: "source" as const })),
  ].flatMap(({ id, role }) => {
    const data = checked.get(id);
    return data ? [{ role, data, ...ofSubject(data, role === "values" ? feature : null) }] : [];
  });
  const sum = (count: (part: (typeof parts)[number]) => number) =>
    parts.reduce((total, part) => total + count(part), 0);
  const failed = parts
    .flatMap(({ data, shown }) => shown.filter(({ success }) => !success).map((result) => toFailed(data, result)))
    .sort((one, other) => rank(one.severity) - rank(other.severity));
  return {
    evaluated: sum(({ results }) => results.length),
    passed: sum(({ results }) => results.filter(({ success }) => success).length),
    critical: failed.filter(({ severity }) => severity === "critical").length,
    warnings: failed.filter(({ severity }) => severity !== "critical").length,
    unchecked: sum(({ unchecked }) => unchecked),
    quarantined: parts.flatMap(({ data }) => (data.quarantined ? [`${data.dataset}@${data.version}`] : [])),
    datasets: parts.map(({ role, data, results, unchecked }) => ({
      dataset: data.dataset,
      version: data.version,
      role,
      quarantined: data.quarantined,
      checkedAt: data.checkedAt?.toISOString() ?? null,
      evaluated: results.length,
      passed: results.filter(({ success }) => success).length,
      unchecked,
    })),
    failed,
    personal: parts.flatMap(({ data, results }) => results.flatMap((result) => toPersonal(data, result))),
  };
}

/**
 * The rules of an output that count for a feature are its own; what keeps the output in quarantine is shown besides, whose rule
 * it may be.
 */
function ofSubject(data: Checked, feature: string | null) {
  const isOwn = (one: { feature?: string | null }) => feature === null || one.feature === feature;
  const results = data.results.filter(isOwn);
  const known = new Set(data.results.map(({ expectation_config }) => wordingOf(expectation_config)));
  const unchecked = data.placed.filter((placed) => isOwn(placed) && !known.has(wordingOf(placed.rule))).length;
  const others = data.quarantined
    ? data.results.filter((one) => !isOwn(one) && !one.success && one.expectation_config.severity === "critical")
    : [];
  return { results, unchecked, shown: [...results, ...others] };
}

const wordingOf = ({ type, kwargs, severity }: Rule) => digestOf([type, kwargs, severity]);

const rank = (severity: string) => ["critical", "warning", "info"].indexOf(severity);

function toFailed(data: Checked, result: RuleResult): RuleEvidence["failed"][number] {
  return {
    dataset: data.dataset,
    version: data.version,
    feature: result.feature ?? null,
    words: wordsOf(result),
    // A rule that could not be run says nothing against the data.
    severity: result.exception_info.raised_exception ? "warning" : result.expectation_config.severity,
    found: describeResult(result),
  };
}

function toPersonal(data: Checked, { expectation_config, result }: RuleResult): RuleEvidence["personal"] {
  const kinds = result.observed_value;
  if (expectation_config.type !== "values_to_hold_no_personal_data" || !Array.isArray(kinds) || kinds.length === 0)
    return [];
  const examples = Array.isArray(result.partial_unexpected_list) ? result.partial_unexpected_list : [];
  return [
    {
      dataset: data.dataset,
      version: data.version,
      column: `${data.entity}.${String(expectation_config.kwargs.column)}`,
      kinds: kinds.map(String),
      examples: examples.map(String),
      declared: (result.details as { declared?: boolean } | undefined)?.declared === true,
    },
  ];
}
