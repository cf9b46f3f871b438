import { prisma } from "@/lib/db/client";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import type { MonitorDefinition, MonitorReference } from "@/lib/domain/definitions/monitor";
import { effectiveDefinition } from "../monitors/effective-definition";
import type { DriftQuestion } from "./scope";

/** A question of which nothing is open, and the monitor that it took its terms from. */
export interface SettledQuestion extends DriftQuestion {
  metric: NonNullable<DriftQuestion["metric"]>;
  environment: NonNullable<DriftQuestion["environment"]>;
  minRows?: number;
  monitor: string | null;
}

/**
 * What is asked for, with the terms of the monitor that watches the same features where the question names none, so that the
 * map and the monitor say the same; and with the environment nearest to production that serves anything.
 */
export async function settle<Question extends DriftQuestion & { feature?: string | undefined }>(
  workspaceId: string,
  question: Question,
): Promise<Question & SettledQuestion> {
  const environment = question.environment ?? (await servedEnvironment(workspaceId, question.feature));
  const isOpen = [question.metric, question.warn, question.critical, question.reference].every(
    (term) => term === undefined,
  );
  const found =
    isOpen && question.calibrated === undefined ? await monitorOf(workspaceId, question, environment) : null;
  if (!found) return { ...question, environment, metric: question.metric ?? "natural", monitor: null };
  const { name, definition, reference } = found;
  const { metric, warn, critical, minRows, calibrated } = definition;
  return {
    ...question,
    environment,
    metric,
    reference,
    monitor: name,
    ...(warn !== undefined && { warn }),
    ...(critical !== undefined && { critical }),
    ...(minRows !== undefined && { minRows }),
    ...(calibrated && { calibrated: "true" as const }),
  };
}

/** The first monitor by name of the same model or view whose reference the map has a word for. */
async function monitorOf(
  workspaceId: string,
  { model, view }: DriftQuestion,
  environment: string,
): Promise<{ name: string; definition: MonitorDefinition; reference: string } | null> {
  if (model === undefined && view === undefined) return null;
  const rows = await prisma().monitor.findMany({
    where: { workspaceId, retiredAt: null },
    orderBy: { name: "asc" },
    select: { name: true, definition: true, baseline: true },
  });
  for (const row of rows) {
    if (isConceptMonitor(row.definition)) continue;
    const definition = effectiveDefinition(row);
    const isSame =
      model !== undefined
        ? definition.model === model
        : definition.view === view && definition.environment === environment;
    const reference = isSame ? referenceWord(definition.reference) : null;
    if (reference !== null) return { name: row.name, definition, reference };
  }
  return null;
}

function referenceWord(reference: MonitorReference): string | null {
  if ("part" in reference) return `part:${reference.part}`;
  if ("rolling" in reference) return reference.rolling === 1 ? "before" : null;
  const [from, to] = reference.window;
  const label = windowLabel({ from, to });
  // Several windows added up, or a part of one, are no window of the map.
  return label.length === 7 ? label : null;
}

/** Nearest to production, of the feature that is asked for or of any that is declared. */
async function servedEnvironment(
  workspaceId: string,
  name: string | undefined,
): Promise<NonNullable<DriftQuestion["environment"]>> {
  for (const environment of ["production", "staging"] as const) {
    const served = await prisma().pointer.findFirst({
      where: {
        environment,
        feature: { workspaceId, retiredAt: null, ...(name === undefined ? { declared: true } : { name }) },
      },
      select: { featureId: true },
    });
    if (served) return environment;
  }
  return "dev";
}
