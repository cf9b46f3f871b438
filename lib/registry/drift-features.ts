import type { z } from "zod";
import type { compareDrift } from "@/lib/contracts/drift";
import { prisma } from "@/lib/db/client";
import { needsFigures } from "@/lib/domain/drift/drift-metrics";
import { DomainError } from "@/lib/domain/errors";
import { type DriftWindowVerdict, judgeWindow, thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import {
  type DriftTerms,
  judgeStates,
  measureWindow,
  type WindowQuestion,
  type WindowState,
} from "@/lib/domain/monitors/measure-windows";
import { chooseReference, type StoredReference } from "./drift-reference";
import { loadFeatures, newestReading, type StoredFeature, type StoredWindow } from "./monitored-features";

/** What chooses features and how they are compared, without what only a map asks for. */
export type DriftQuestion = Omit<z.output<(typeof compareDrift)["query"]>, "feature" | "window">;

/** A feature version that is served or read, as people know it. */
export interface DriftFacts {
  id: string;
  feature: string;
  entity: string;
  owner: string;
  type: string;
  version: number;
  views: string[];
}

export interface DriftScope {
  versions: DriftFacts[];
  /** Every feature view of the workspace. */
  views: string[];
  model: { name: string; version: number } | null;
}

/** The feature versions that are asked about, by name; a feature that is asked for by its name need not be documented. */
export async function findDriftScope(
  workspaceId: string,
  {
    environment,
    view,
    model,
    feature: named,
  }: Pick<DriftQuestion, "environment" | "view" | "model"> & { feature?: string | undefined },
): Promise<DriftScope> {
  const views = await prisma().featureView.findMany({
    where: { workspaceId, retiredAt: null },
    select: { name: true, features: true },
    orderBy: { name: "asc" },
  });
  const chosen = view === undefined ? null : views.find(({ name }) => name === view);
  if (chosen === undefined)
    throw new DomainError("not_found", `There is no feature view \`${view}\`.`, {
      views: views.map(({ name }) => name),
    });
  const reading = model === undefined ? null : await newestReading(workspaceId, model);
  if (model !== undefined && !reading)
    throw new DomainError("not_found", `There is no model \`${model}\` with a version.`);
  const ids = reading ? reading.reads.map(({ id }) => id) : await servedVersions(workspaceId, environment, named);
  const found = await prisma().$queryRaw<Omit<DriftFacts, "views">[]>`
    SELECT v."id", f."name" AS "feature", f."entity", f."owner", f."type", v."version"
    FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE v."id" = ANY(${ids}) ORDER BY f."name"`;
  const wanted = chosen && new Set(chosen.features);
  const viewsOf = new Map<string, string[]>();
  for (const { name, features } of views)
    for (const feature of features) viewsOf.set(feature, [...(viewsOf.get(feature) ?? []), name]);
  return {
    versions: found
      .filter(({ feature }) => wanted?.has(feature) ?? true)
      .map((facts) => ({ ...facts, views: viewsOf.get(facts.feature) ?? [] })),
    views: views.map(({ name }) => name),
    model: reading && model !== undefined ? { name: model, version: reading.version } : null,
  };
}

/** The versions that an environment points to, of declared features. */
async function servedVersions(workspaceId: string, environment: string, named = ""): Promise<string[]> {
  const rows = await prisma().$queryRaw<{ id: string }[]>`
    SELECT p."versionId" AS "id" FROM "Pointer" p JOIN "Feature" f ON f."id" = p."featureId"
    WHERE p."environment" = ${environment} AND f."workspaceId" = ${workspaceId} AND f."retiredAt" IS NULL
      AND (f."declared" OR f."name" = ${named})`;
  return rows.map(({ id }) => id);
}

/** A window of the map, as what it asks and with what was answered. */
export interface JudgedWindow extends WindowQuestion<StoredWindow>, WindowState {
  feature: JudgedFeature;
  reference: StoredReference;
  /** The reference is not compared with itself: it is what fine means. */
  isReference: boolean;
}

/** A feature with what became of each of its windows. */
export interface JudgedFeature extends StoredFeature {
  facts: DriftFacts;
  judged: JudgedWindow[];
}

interface JudgeQuestion extends Pick<DriftQuestion, "model" | "reference"> {
  /** Whether all that a picture of the windows shows is wanted. */
  withFigures?: boolean;
}

/** Every window of the features against the reference that was chosen for it; p-values are corrected over the features of each window. */
export async function judgeFeatures(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  { model, reference, withFigures = false }: JudgeQuestion,
): Promise<JudgedFeature[]> {
  const stored = await loadFeatures(versions, {
    model: model ?? null,
    withFigures: withFigures || needsFigures(terms.metric),
  });
  const wanted = reference ?? (model === undefined ? "first" : "part:train");
  const compared: JudgedWindow[] = [];
  const features = stored.map((one, at) => {
    const feature: JudgedFeature = { ...one, facts: versions[at] as DriftFacts, judged: [] };
    const referenceOf = chooseReference(feature, wanted);
    feature.windows.forEach((window, index) => {
      const own = referenceOf(index);
      const isReference = own.side?.id === window.id;
      const judged: JudgedWindow = {
        feature,
        window,
        reference: own,
        isReference,
        state: isReference ? "fine" : "insufficient_data",
        severity: null,
        corrected: undefined,
      };
      feature.judged.push(judged);
      if (!isReference && own.side) compared.push(judged);
    });
    return feature;
  });
  const states = judgeStates(terms, compared);
  compared.forEach((judged, at) => {
    const { state, severity, corrected } = states[at] as WindowState;
    judged.state = state;
    judged.severity = severity;
    judged.corrected = corrected;
  });
  return features;
}

/** The whole verdict on a window; null of the reference, and where there is none. */
export function verdictOf(terms: DriftTerms, judged: JudgedWindow): DriftWindowVerdict | null {
  if (judged.isReference || !judged.reference.side) return null;
  return judgeWindow(terms, { asked: judged, found: measureWindow(terms, judged), corrected: judged.corrected });
}

/**
 * One of the features as among all of them: a distance stands for itself, a test is judged among the tests of its window.
 * `isAsked` says which windows matter. Null when it is none of them.
 */
export async function judgeFeature(
  name: string,
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  question: JudgeQuestion,
  isAsked: (window: JudgedWindow) => boolean = () => true,
): Promise<JudgedFeature | null> {
  const own = versions.filter(({ feature }) => feature === name);
  const [alone] = await judgeFeatures(own, terms, question);
  if (!alone) return null;
  const isTest = alone.judged.some((window) => window.corrected !== undefined && isAsked(window));
  if (!isTest) return alone;
  const all = await judgeFeatures(versions, terms, question);
  return all.find(({ feature }) => feature === name) ?? null;
}

/** How the query wants windows compared. Throws `invalid` for thresholds that the metric does not take, or in the wrong order. */
export function termsOf({ metric, warn, critical, calibrated }: DriftQuestion): DriftTerms {
  if (metric === "natural" && (warn !== undefined || critical !== undefined))
    throw new DomainError(
      "invalid",
      "The natural metric has the thresholds of whatever it chooses, and takes no others.",
      {
        issues: [
          {
            path: ["query", warn === undefined ? "critical" : "warn"],
            message: "expected a metric by name",
            found: "natural",
          },
        ],
      },
    );
  const terms: DriftTerms = {
    metric,
    calibrated: calibrated === "true",
    ...(warn !== undefined && { warn }),
    ...(critical !== undefined && { critical }),
  };
  const thresholds = thresholdsOf(terms);
  if (thresholds && thresholds.critical < thresholds.warn)
    throw new DomainError(
      "invalid",
      `The critical threshold ${thresholds.critical} is below the warning threshold ${thresholds.warn}.`,
      {
        issues: [
          {
            path: ["query", "critical"],
            message: `expected at least ${thresholds.warn}`,
            found: String(thresholds.critical),
          },
        ],
      },
    );
  return terms;
}
