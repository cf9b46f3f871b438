import type { z } from "zod";
import type { compareDrift } from "@/lib/contracts/drift";
import { prisma } from "@/lib/db/client";
import type { DriftJudgement } from "@/lib/domain/drift/drift-verdict";
import { DomainError } from "@/lib/domain/errors";
import { thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import {
  type DriftTerms,
  judgeMeasured,
  type MeasuredWindow,
  measureWindows,
  type WindowQuestion,
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

/** The feature versions that are asked about, by name. */
export async function findDriftScope(
  workspaceId: string,
  { environment, view, model }: Pick<DriftQuestion, "environment" | "view" | "model">,
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
  const found = await prisma().featureVersion.findMany({
    where: reading
      ? { id: { in: reading.reads.map(({ id }) => id) } }
      : {
          pointers: { some: { environment } },
          feature: { workspaceId, retiredAt: null, declared: true, ...(chosen && { name: { in: chosen.features } }) },
        },
    select: { id: true, version: true, feature: { select: { name: true, entity: true, owner: true, type: true } } },
    orderBy: { feature: { name: "asc" } },
  });
  const viewsOf = new Map<string, string[]>();
  for (const { name, features } of views)
    for (const feature of features) viewsOf.set(feature, [...(viewsOf.get(feature) ?? []), name]);
  return {
    versions: found.map(({ id, version, feature: { name, ...facts } }) => ({
      ...facts,
      id,
      version,
      feature: name,
      views: viewsOf.get(name) ?? [],
    })),
    views: views.map(({ name }) => name),
    model: reading && model !== undefined ? { name: model, version: reading.version } : null,
  };
}

export interface DriftFeature extends StoredFeature {
  facts: DriftFacts;
}

export interface DriftWindowQuestion extends WindowQuestion<StoredWindow> {
  feature: DriftFeature;
  reference: StoredReference;
}

/** A window of the map. */
export interface JudgedWindow {
  window: StoredWindow;
  reference: StoredReference;
  isReference: boolean;
  /** Null of the reference, which is not compared with itself, and where there is none. */
  measured: MeasuredWindow<DriftWindowQuestion> | null;
  judged: DriftJudgement | null;
}

/** A feature with what became of each of its windows. */
export interface JudgedFeature extends DriftFeature {
  judged: JudgedWindow[];
}

/** Every window of the features against the reference that was chosen for it; p-values are corrected over the features of each window. */
export async function judgeFeatures(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  { model, reference }: Pick<DriftQuestion, "model" | "reference">,
): Promise<JudgedFeature[]> {
  const stored = await loadFeatures(versions, { model: model ?? null, metric: terms.metric });
  const wanted = reference ?? (model === undefined ? "first" : "part:train");
  const features = stored.map((feature, at): JudgedFeature => {
    const referenceOf = chooseReference(feature, wanted);
    const judged = feature.windows.map((window, index): JudgedWindow => {
      const own = referenceOf(index);
      return { window, reference: own, isReference: own.side?.id === window.id, measured: null, judged: null };
    });
    return { ...feature, facts: versions[at] as DriftFacts, judged };
  });
  const compared = features.flatMap((feature) =>
    feature.judged.flatMap((cell) => (cell.isReference || !cell.reference.side ? [] : [{ feature, cell }])),
  );
  const measured = measureWindows(
    terms,
    compared.map(({ feature, cell: { window, reference: own } }) => ({ feature, window, reference: own })),
  );
  compared.forEach(({ cell }, at) => {
    cell.measured = measured[at] as MeasuredWindow<DriftWindowQuestion>;
    cell.judged = judgeMeasured(terms, cell.measured);
  });
  return features;
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
