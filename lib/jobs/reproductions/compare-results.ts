/** What came out of a run now, beside what it recorded then, as findings. */
import { compareValues, type ValueComparison } from "@/lib/domain/reproductions/compare-values";
import { type Finding, TOLERANCE } from "@/lib/domain/reproductions/report";
import type { RowComparison } from "@/lib/domain/reproductions/row-comparison";
import type { CrossValidation } from "@/lib/domain/runs/cross-validation";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { RecordedFit, RecordedOutput, RecordedResult } from "@/lib/registry/reproductions/recorded-result";

export interface Compared {
  findings: Finding[];
  /** The largest relative difference of two numbers. */
  largest: number;
}

interface Judged {
  finding: Finding;
  largest: number;
}

const collect = (all: readonly Judged[]): Compared => ({
  findings: all.map(({ finding }) => finding),
  largest: all.reduce((largest, one) => Math.max(largest, one.largest), 0),
});

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;

/** Every estimator that was fitted again beside the fit of the same fingerprint. */
export function compareFits(results: readonly VariantResult[], recorded: ReadonlyMap<string, RecordedFit>): Compared {
  const fits = results.flatMap((result) => result.fits).filter(({ reused }) => !reused);
  return collect(
    fits.map(({ instance, fingerprint, model }) => {
      const known = recorded.get(fingerprint);
      const subject = `stage ${instance.split("@")[0] ?? instance}`;
      if (!known)
        return { finding: { subject, state: "not_recorded", text: `What ${subject} learned on these rows is not on record.` }, largest: 0 }; // prettier-ignore
      const compared = compareValues(known.model, model);
      return { finding: toFinding(subject, compared, `what ${subject} learned in run ${known.run.number}`), largest: compared.largest }; // prettier-ignore
    }),
  );
}

function toFinding(subject: string, { state, largest, at, expected, found }: ValueComparison, what: string): Finding {
  const text = {
    identical: `The same as ${what}.`,
    within_tolerance: `The same as ${what} within ${TOLERANCE}: the largest difference is ${percent(largest)}.`,
    differs: `Not ${what}: ${at === "" || at === null ? "it" : at} is ${found ?? ""}, and was ${expected ?? ""}.`,
  }[state];
  return { subject, state, text, ...(expected !== undefined && { expected }), ...(found !== undefined && { found }) };
}

/** Every metric of every part, and of every fold. */
export function compareMetrics(
  recorded: Pick<RecordedResult, "metrics" | "crossValidation">,
  found: { metrics: VariantResult["metrics"]; crossValidation: CrossValidation | null },
): Compared {
  const parts = Object.keys({ ...recorded.metrics, ...found.metrics });
  const metrics = parts.flatMap((part) => {
    const [before, after] = [recorded.metrics?.[part] ?? {}, found.metrics[part] ?? {}];
    return Object.keys({ ...before, ...after }).map((name): Judged => {
      const subject = `${part} ${name}`;
      // A run that reads predictions of an earlier one does not count what only their features tell.
      if (recorded.metrics?.[part] && before[name] === undefined)
        return { finding: { subject, state: "not_recorded", text: `The ${name} on ${part} was not counted then.`, found: String(after[name]) }, largest: 0 }; // prettier-ignore
      const compared = compareValues(before[name], after[name]);
      return { finding: toFinding(subject, compared, `the ${name} on ${part}`), largest: compared.largest };
    });
  });
  if (recorded.crossValidation === null && found.crossValidation === null) return collect(metrics);
  // How many rows a fold was fitted on is read off the fit where it was there already.
  const scores = (one: CrossValidation | null) => one && { mean: one.mean, deviation: one.deviation, folds: one.folds.map(({ part, score }) => [part, score]) }; // prettier-ignore
  const folds = compareValues(scores(recorded.crossValidation), scores(found.crossValidation));
  return collect([...metrics, { finding: toFinding("cross-validation", folds, "the scores of its folds"), largest: folds.largest }]); // prettier-ignore
}

export interface FoundOutput {
  sha256: string;
  /** Null where the files are the same, or where the recorded one is gone. */
  rows: RowComparison | null;
}

/** @param found dataset → what was written now */
export function compareOutputs(recorded: readonly RecordedOutput[], found: ReadonlyMap<string, FoundOutput>): Compared {
  return collect(
    recorded.map((output) => {
      const { dataset, version, file } = output;
      const subject = `${dataset}@${version}`;
      const now = found.get(dataset);
      if (!now)
        return { finding: { subject, state: "differs", text: `Nothing was written of ${subject}.` }, largest: 0 };
      const digests = { expected: file.sha256, found: now.sha256 };
      if (now.sha256 === file.sha256)
        return { finding: { subject, state: "identical", text: `The bytes of ${subject} are the same.`, ...digests }, largest: 0 }; // prettier-ignore
      if (now.rows === null)
        return { finding: { subject, state: "differs", text: `The bytes of ${subject} are others, and the file that the run wrote is gone, so that nobody can say by how much.`, ...digests }, largest: 0 }; // prettier-ignore
      return toOutputFinding(subject, now.rows, digests);
    }),
  );
}

function toOutputFinding(
  subject: string,
  { rows, identical, missing, extra, unmatched, columns }: RowComparison,
  digests: { expected: string; found: string },
): { finding: Finding; largest: number } {
  const largest = columns.reduce((most, one) => Math.max(most, one.largest), 0);
  if (identical)
    return { finding: { subject, state: "identical", text: `The rows of ${subject} are the same, in another order or packing.`, ...digests }, largest }; // prettier-ignore
  const differing = columns.filter((column) => column.differing > 0);
  const count = (n: number) => n.toLocaleString("en");
  const reasons = [
    ...(rows.expected === rows.found ? [] : [`it has ${count(rows.found)} rows, and had ${count(rows.expected)}`]),
    ...(missing.length > 0 ? [`it lacks ${missing.join(", ")}`] : []),
    ...(extra.length > 0 ? [`it has ${extra.join(", ")} besides`] : []),
    ...(unmatched > 0 ? [`${count(unmatched)} rows are in one of the two only`] : []),
    ...differing.map(({ name, differing: n, largest: most }) => `${name} differs in ${count(n)} rows, by up to ${percent(most)}`), // prettier-ignore
  ];
  if (reasons.length > 0)
    return { finding: { subject, state: "differs", text: `The rows of ${subject} are others: ${reasons.join("; ")}.`, ...digests }, largest }; // prettier-ignore
  const named = columns.map(({ name }) => name).join(", ");
  return { finding: { subject, state: "within_tolerance", text: `The rows of ${subject} are the same within ${TOLERANCE}: ${named} differ by up to ${percent(largest)}.`, ...digests }, largest }; // prettier-ignore
}
