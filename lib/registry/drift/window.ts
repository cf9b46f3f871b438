import type { z } from "zod";
import type { compareDrift as contract } from "@/lib/contracts/drift";
import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { DomainError } from "@/lib/domain/errors";
import type { DriftTerms } from "@/lib/domain/monitors/measure-windows";
import type { Principal } from "@/lib/domain/principal";
import { compareSides, datasetOf, toCompared } from "../profiles/compare-profiles";
import {
  judgeFeature,
  type JudgedFeature,
  type JudgedWindow,
  type OpenedWindow,
  openFeatures,
  verdictOf,
} from "./features";
import { findDriftScope } from "./scope";
import { type SettledQuestion, settle } from "./monitor-terms";
import { termsOf } from "./terms";
import { openScopeFor } from "../scope";

type Query = z.output<(typeof contract)["query"]>;

/** One window of a feature beside its reference. */
export async function compareDrift(principal: Principal, asked: Query): Promise<DriftComparison> {
  const { workspace } = await openScopeFor(principal, asked.workspace, "feature:read");
  const query = await settle(workspace.id, asked);
  const { versions } = await findDriftScope(workspace.id, query);
  const terms = termsOf(query);
  const isAsked = (window: JudgedWindow) => windowLabel(window) === query.window;
  const own = await judgeFeature(query.feature, versions, terms, query, isAsked);
  if (!own)
    throw new DomainError(
      "not_found",
      query.model === undefined
        ? `${query.environment} serves no version of \`${query.feature}\`.`
        : `The newest version of \`${query.model}\` does not read \`${query.feature}\`.`,
    );
  const { version } = own.facts;
  const found = await openWindow(own, terms, query, isAsked);
  if (!found)
    throw new DomainError("not_found", `\`${query.feature}\` has no profile of ${query.window} beside its reference.`, {
      windows: own.windows.map(windowLabel),
    });
  const { reference, window } = found;
  const isTest = found.judged.corrected !== undefined;
  const { side } = reference;
  if (!side)
    throw new DomainError("not_found", `\`${query.feature}\` has no profile of ${query.window} beside its reference.`);
  const verdict = verdictOf(terms, found);
  const [before, now] = [
    toCompared(side, {
      label: reference.words,
      version,
      dataset: await datasetOf(side.id),
      from: side.from,
      to: side.to,
    }),
    toCompared(window, {
      label: query.window,
      version,
      dataset: await datasetOf(window.id),
      from: window.from,
      to: window.to,
    }),
  ];
  const { metric, warn, critical } = verdict?.details?.calibration ? { ...terms, ...verdict } : terms;
  const comparison = compareSides(before, now, { metric, warn, critical });
  if (!comparison)
    throw new DomainError(
      "conflict",
      `${query.window} of \`${query.feature}\` was counted in other buckets than ${reference.words}. Profile it again.`,
    );
  if (!isTest || !verdict) return { ...comparison, explanation: verdict?.explanation ?? comparison.explanation };
  const { details, state, score, severity, explanation } = verdict;
  return {
    ...comparison,
    state,
    score,
    severity,
    explanation,
    because: details?.because ?? null,
    test: details?.test ?? null,
  };
}

async function openWindow(
  feature: JudgedFeature,
  terms: DriftTerms,
  query: SettledQuestion,
  isAsked: (window: JudgedWindow) => boolean,
): Promise<OpenedWindow | undefined> {
  for await (const { windows } of openFeatures([feature], terms, { ...query, withFigures: true }))
    return windows.find(({ judged }) => isAsked(judged));
  return undefined;
}
