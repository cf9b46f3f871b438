import { stringify } from "yaml";
import type { ChangeEvidence, ConsumerVerdict, DefinitionSide } from "@/lib/contracts/change-evidence";
import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import type { Transaction } from "@/lib/db/client";
import { definitionDiff } from "@/lib/domain/definition-diff";
import { findImpact } from "./change-impact";
import { comparePlans } from "./change-plan";
import { compareProfiles, type ProfileOfVersion } from "./drift-comparison";

export interface EvidenceQuestion {
  workspaceId: string;
  feature: { id: string; name: string; owner: string };
  versionId: string;
  /** What the pointer names; null when it names nothing. */
  baseVersionId: string | null;
}

/** Computes what a reviewer needs to know, from what runs recorded. */
export async function gatherEvidence(tx: Transaction, question: EvidenceQuestion): Promise<ChangeEvidence> {
  const { workspaceId, feature, versionId, baseVersionId } = question;
  const after = await loadDefinition(tx, versionId);
  const before = baseVersionId === null ? null : await loadDefinition(tx, baseVersionId);
  const impact = await findImpact(tx, workspaceId, feature.name);
  const owners = new Set([feature.owner, ...impact.map((item) => item.owner)].filter((owner) => owner !== ""));
  return {
    computedAt: new Date().toISOString(),
    definition: {
      before: before && toSide(before),
      after: toSide(after),
      changes: definitionDiff(before?.document ?? null, after.document),
    },
    plan: await comparePlans(tx, baseVersionId, versionId),
    leakage: await loadVerdicts(tx, versionId),
    drift: baseVersionId === null ? null : await compareVersions(tx, baseVersionId, versionId),
    impact,
    owners: [...owners].sort(),
  };
}

interface Definition {
  version: number;
  writer: string;
  document: Record<string, unknown>;
}

/** The declared document of the stage that writes the version, or the column of the source that holds it. */
async function loadDefinition(tx: Transaction, versionId: string): Promise<Definition> {
  const row = await tx.featureVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: { feature: true, stageVersion: { include: { stage: { select: { name: true } } } } },
  });
  if (row.stageVersion)
    return {
      version: row.version,
      writer: row.stageVersion.stage.name,
      document: row.stageVersion.definition as Record<string, unknown>,
    };
  const source = row.source ?? "";
  return {
    version: row.version,
    writer: source,
    document: { kind: "Source", name: source, column: row.feature.name, type: row.feature.type },
  };
}

const toSide = ({ version, writer, document }: Definition): DefinitionSide => ({
  version,
  writer,
  text: stringify(document),
});

/** One verdict per model version that reads the feature version, newest model version first. */
async function loadVerdicts(tx: Transaction, versionId: string): Promise<ConsumerVerdict[]> {
  const rows = await tx.leakageVerdict.findMany({
    where: { featureVersionId: versionId },
    include: { modelVersion: { include: { model: { select: { name: true } } } } },
    orderBy: [{ modelVersion: { model: { name: "asc" } } }, { modelVersion: { version: "desc" } }],
  });
  return rows.map((row) => ({
    model: row.modelVersion.model.name,
    modelVersion: row.modelVersion.version,
    modelVersionId: row.modelVersionId,
    verdict: row.verdict as ConsumerVerdict["verdict"],
    severity: row.severity as ConsumerVerdict["severity"],
    reasons: row.reasons,
    explanation: row.explanation,
  }));
}

async function compareVersions(tx: Transaction, before: string, after: string): Promise<DriftComparison | null> {
  const [reference, current] = [await loadWholeProfile(tx, before), await loadWholeProfile(tx, after)];
  return reference && current && compareProfiles(reference, current);
}

/** The newest profile over all rows and all time. */
async function loadWholeProfile(tx: Transaction, versionId: string): Promise<ProfileOfVersion | null> {
  const profile = await tx.profile.findFirst({
    where: { featureVersionId: versionId, part: "all", windowFrom: null },
    include: { datasetVersion: true, featureVersion: true },
    orderBy: { createdAt: "desc" },
  });
  if (!profile?.featureVersion) return null;
  const { version } = profile.featureVersion;
  const { dataset, version: number } = profile.datasetVersion;
  return { profile, version, label: `version ${version}`, dataset: `${dataset}@${number}` };
}
