import type { ConsumerVerdict, DefinitionSide, FeatureEvidence } from "@/lib/contracts/change-evidence";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import type { Transaction } from "@/lib/db/client";
import type { Definition } from "@/lib/domain/definitions/definition";
import { definitionDiff } from "@/lib/domain/specs/definition-diff";
import { findImpact } from "./impact";
import { comparePlans } from "./plan";
import { findReadersOfOthers } from "./readers";
import { compareProfiles, type ProfileOfVersion } from "../profiles/compare-profiles";
import { isPersonal, withholdValues } from "../access/personal-values";
import { anyDefinitionOf } from "../stored-json";
import { FIGURES, withFigures } from "../stored-figures";

export interface EvidenceQuestion {
  workspaceId: string;
  feature: { name: string; owner: string };
  versionId: string;
  /** What the pointer names; null when it names nothing. */
  baseVersionId: string | null;
}

/** Computes what a reviewer needs to know, from what runs recorded. */
export async function gatherFeatureEvidence(tx: Transaction, question: EvidenceQuestion): Promise<FeatureEvidence> {
  const { workspaceId, feature, versionId, baseVersionId } = question;
  const after = await loadDefinition(tx, workspaceId, versionId);
  const before = baseVersionId === null ? null : await loadDefinition(tx, workspaceId, baseVersionId);
  const impact = await findImpact(tx, workspaceId, feature.name);
  const owners = new Set([feature.owner, ...impact.map((item) => item.owner)].filter((owner) => owner !== ""));
  return {
    kind: "feature",
    computedAt: new Date().toISOString(),
    definition: {
      before: before && toSide(before),
      after: toSide(after),
      changes: before ? definitionDiff(before.definition, after.definition) : [],
    },
    plan: await comparePlans(tx, baseVersionId, versionId),
    leakage: await loadVerdicts(tx, versionId),
    drift: baseVersionId === null ? null : await compareVersions(tx, baseVersionId, versionId),
    impact,
    readers: await findReadersOfOthers(tx, workspaceId, feature.name, versionId),
    owners: [...owners].sort(),
  };
}

interface Written {
  version: number;
  writer: string;
  definition: Definition;
}

/** The declared document of the stage that writes the version, or of the source that holds it. */
async function loadDefinition(tx: Transaction, workspaceId: string, versionId: string): Promise<Written> {
  const { version, stageVersion, source } = await tx.featureVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: { stageVersion: { include: { stage: { select: { name: true } } } } },
  });
  if (stageVersion)
    return {
      version,
      writer: stageVersion.stage.name,
      definition: anyDefinitionOf(stageVersion),
    };
  const writer = source ?? "";
  const row = await tx.source.findUniqueOrThrow({ where: { workspaceId_name: { workspaceId, name: writer } } });
  return { version, writer, definition: anyDefinitionOf(row) };
}

const toSide = ({ version, writer, definition }: Written): DefinitionSide => ({
  version,
  writer,
  text: writeSpec(definition),
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
  const found = await tx.profile.findFirst({
    where: { featureVersionId: versionId, part: "all", windowFrom: null },
    include: {
      datasetVersion: true,
      featureVersion: { include: { feature: { select: { sensitivity: true } } } },
      ...FIGURES,
    },
    orderBy: { createdAt: "desc" },
  });
  if (!found?.featureVersion) return null;
  const { version, feature } = found.featureVersion;
  const { dataset, version: number } = found.datasetVersion;
  const profile = isPersonal(feature.sensitivity) ? withholdValues(withFigures(found)) : withFigures(found);
  return { profile, version, label: `version ${version}`, dataset: `${dataset}@${number}` };
}
