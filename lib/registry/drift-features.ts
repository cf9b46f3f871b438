import type { z } from "zod";
import type { compareDrift } from "@/lib/contracts/drift";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { needsFigures } from "@/lib/domain/drift/drift-metrics";
import { DomainError } from "@/lib/domain/errors";
import { type DriftWindowVerdict, judgeWindow, thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import {
  type DriftTerms,
  measureWindow,
  type WindowQuestion,
  type WindowState,
  WindowStates,
} from "@/lib/domain/monitors/measure-windows";
import { chooseReference, type StoredReference } from "./drift-reference";
import { newestReading } from "./monitored-features";
import { readFeatures, type StoredFeature, type StoredWindow } from "./stored-features";

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
  const chosenIds = reading
    ? Prisma.sql`v."id" = ANY(${reading.reads.map(({ id }) => id)})`
    : servedIn(workspaceId, environment, named);
  const found = await prisma().$queryRaw<Omit<DriftFacts, "views">[]>`
    SELECT v."id", f."name" AS "feature", f."entity", f."owner", f."type", v."version"
    FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE ${chosenIds} ORDER BY f."name"`;
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
function servedIn(workspaceId: string, environment: string, named = ""): Prisma.Sql {
  return Prisma.sql`f."workspaceId" = ${workspaceId} AND f."retiredAt" IS NULL AND (f."declared" OR f."name" = ${named})
    AND EXISTS (SELECT 1 FROM "Pointer" p WHERE p."featureId" = f."id" AND p."environment" = ${environment} AND p."versionId" = v."id")`;
}

/** What became of a window: of most, a map of ten thousand features keeps no more. */
export interface JudgedWindow extends WindowState {
  /** ISO instants, `[from, to)`. */
  from: string;
  to: string;
  /** The reference is not compared with itself: it is what fine means. */
  isReference: boolean;
  /** Whether there is something to compare it with. */
  isCompared: boolean;
}

/** A feature with what became of each of its windows, oldest first. */
export interface JudgedFeature {
  facts: DriftFacts;
  windows: JudgedWindow[];
  /** Whether the windows are of predict runs. */
  isServing: boolean;
}

interface JudgeQuestion extends Pick<DriftQuestion, "model" | "reference"> {
  /** Whether all that a picture of the windows shows is wanted. */
  withFigures?: boolean;
}

/** Every window of the features against the reference that was chosen for it; p-values are corrected over the features of each window. */
export async function judgeFeatures(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  question: JudgeQuestion,
): Promise<JudgedFeature[]> {
  const states = new WindowStates(terms);
  const features: JudgedFeature[] = [];
  for await (const { facts, isServing, asked } of askFeatures(versions, terms, question)) {
    const windows = asked.map((one): JudgedWindow => {
      const { isReference, window } = one;
      const judged: JudgedWindow = {
        from: window.from,
        to: window.to,
        isReference,
        isCompared: !isReference && one.reference.side !== null,
        state: isReference ? "fine" : "insufficient_data",
        severity: null,
        corrected: undefined,
      };
      if (judged.isCompared) states.judge(one, judged);
      return judged;
    });
    features.push({ facts, windows, isServing });
  }
  states.correct();
  return features;
}

/** A window with all that was asked of it, and what became of it. */
export interface OpenedWindow extends Asked {
  judged: JudgedWindow;
}

/** Reads judged features again, for what is shown of them; what was profiled since they were judged is not among it. */
export async function* openFeatures<Feature extends JudgedFeature>(
  features: readonly Feature[],
  terms: DriftTerms,
  question: JudgeQuestion,
): AsyncGenerator<{ feature: Feature; windows: OpenedWindow[] }> {
  const featureOf = new Map(features.map((feature) => [feature.facts.id, feature]));
  const versions = features.map(({ facts }) => facts);
  for await (const { facts, asked } of askFeatures(versions, terms, question)) {
    const feature = featureOf.get(facts.id) as Feature;
    const judgedOf = new Map(feature.windows.map((judged) => [judged.from, judged]));
    const windows = asked.flatMap((one): OpenedWindow[] => {
      const judged = judgedOf.get(one.window.from);
      return judged ? [{ ...one, judged }] : [];
    });
    yield { feature, windows };
  }
}

/** The whole verdict on a window; null of the reference, and where there is none. */
export function verdictOf(terms: DriftTerms, { judged, ...asked }: OpenedWindow): DriftWindowVerdict | null {
  if (!judged.isCompared) return null;
  return judgeWindow(terms, { asked, found: measureWindow(terms, asked), corrected: judged.corrected });
}

/** A window with what to compare it with. */
interface Asked extends WindowQuestion<StoredWindow> {
  feature: StoredFeature;
  reference: StoredReference;
  isReference: boolean;
}

/** The features in their order, each with its windows. */
async function* askFeatures(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  { model, reference, withFigures = false }: JudgeQuestion,
): AsyncGenerator<{ facts: DriftFacts; isServing: boolean; asked: Asked[] }> {
  const wanted = reference ?? (model === undefined ? "first" : "part:train");
  const options = { model: model ?? null, withFigures: withFigures || needsFigures(terms.metric) };
  const factsOf = new Map(versions.map((facts) => [facts.id, facts]));
  for await (const some of readFeatures(versions, options))
    for (const feature of some) {
      const referenceOf = chooseReference(feature, wanted);
      const asked = feature.windows.map((window, index): Asked => {
        const own = referenceOf(index);
        return { feature, window, reference: own, isReference: own.side?.id === window.id };
      });
      yield { facts: factsOf.get(feature.versionId) as DriftFacts, isServing: feature.isServing, asked };
    }
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
  const isTest = alone.windows.some((window) => window.corrected !== undefined && isAsked(window));
  if (!isTest) return alone;
  const all = await judgeFeatures(versions, terms, question);
  return all.find(({ facts }) => facts.feature === name) ?? null;
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
