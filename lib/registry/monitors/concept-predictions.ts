import { prisma } from "@/lib/db/client";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { DomainError } from "@/lib/domain/errors";
import type { ConceptMonitorDefinition } from "@/lib/domain/definitions/concept-monitor";
import { filesOf, findLabel, type LabelFiles, predictionsIn } from "../experiments/ab-test-predictions";
import { definitionsOfRun } from "../definitions/pins";
import { type ConceptSubject, findConceptSubject } from "./concept-subject";

interface FileColumn {
  files: string[];
  column: string;
}

/** Where a model's predictions and the truth about them are. */
export interface ConceptData {
  subject: ConceptSubject;
  /** Written by predict runs, the oldest deployment first. */
  predictions: FileColumn[];
  /** Null when no run and no source has the label: then only what was logged counts. */
  label: LabelFiles | null;
  /** What the model was evaluated on; null when its run evaluated nothing or its files are gone. */
  evaluation: {
    predictions: FileColumn;
    parts: { policy: SplitPolicyDefinition; parts: string[] };
    words: string;
  } | null;
}

/** Finds what a concept monitor reads, for the model version that predicted last. */
export async function findConceptData(workspaceId: string, monitor: ConceptMonitorDefinition): Promise<ConceptData> {
  const { model, environment = "production" } = monitor;
  const known = await findConceptSubject(workspaceId, model, { alias: environment });
  const predictions: FileColumn[] = [];
  let newest: number | undefined;
  for (const deployment of await deploymentsOf(workspaceId, model)) {
    const dataset = `${known.entity.name}@${deployment}.${environment}`;
    const found = await predictionsIn(prisma(), { workspaceId, output: known.prediction }, dataset);
    if (!found) continue;
    predictions.push({ files: found.files, column: found.column });
    newest = found.modelVersions.at(-1) ?? newest;
  }
  const subject = newest === undefined ? known : await findConceptSubject(workspaceId, model, { version: newest });
  return {
    subject,
    predictions,
    label: subject.label === null ? null : await labelOf(workspaceId, subject.label),
    evaluation: await evaluationOf(workspaceId, subject),
  };
}

async function deploymentsOf(workspaceId: string, model: string): Promise<string[]> {
  const rows = await prisma().deployment.findMany({
    where: { workspaceId, model },
    orderBy: { createdAt: "asc" },
    select: { name: true },
  });
  return rows.map(({ name }) => name);
}

/** Outcomes may all be logged, so that nobody has the label is no error. */
async function labelOf(workspaceId: string, label: string): Promise<LabelFiles | null> {
  try {
    return await findLabel(prisma(), workspaceId, label);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

async function evaluationOf(
  workspaceId: string,
  { evaluate, runId, prediction, model, version }: ConceptSubject,
): Promise<ConceptData["evaluation"]> {
  if (!evaluate) return null;
  const policy = (await definitionsOfRun({ id: runId, workspaceId }, "SplitPolicy")).get(evaluate.split);
  const written = await prisma().featureValues.findFirst({
    where: { runId, featureVersion: { feature: { workspaceId, name: prediction } } },
    select: { column: true, datasetVersion: true },
  });
  if (!policy || !written) return null;
  return {
    predictions: { files: filesOf(written.datasetVersion), column: written.column },
    parts: { policy, parts: evaluate.test },
    words: `the ${evaluate.test.join(" and ")} part of ${model} version ${version}`,
  };
}
