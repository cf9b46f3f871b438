/** Dataset versions that monitors hold back: what drifts critically in its newest window is in quarantine until it does not any more. */
import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { evaluateMonitor } from "@/lib/domain/monitors/evaluate-monitor";
import { queueMaterialisations } from "../catalogue/queue-materialisations";
import { announce } from "../notifications/announce";
import { recordEvent } from "../record-event";
import type { Scope } from "../scope";
import { loadMonitoredFeatures } from "./monitored-features";
import { effectiveDefinition } from "./effective-definition";

/** Dataset version → monitor → why it holds it back, a sentence. */
type Held = Map<string, Map<string, string>>;

/** What the workspace's monitors that hold data back find in the newest windows, as far as those are of the dataset versions. */
async function findDrift(tx: Transaction, workspaceId: string, datasetVersionIds: readonly string[]): Promise<Held> {
  const held: Held = new Map();
  const monitors = await tx.monitor.findMany({ where: { workspaceId, retiredAt: null }, orderBy: { name: "asc" } });
  for (const row of monitors) {
    if (!holdsBack(row)) continue;
    const monitor = effectiveDefinition(row);
    const features = await loadMonitoredFeatures(workspaceId, monitor, tx);
    const newest = features.flatMap(({ versionId, windows }) => {
      const last = windows.at(-1);
      return last ? [{ versionId, from: last.from, profileId: last.id }] : [];
    });
    const profiles = await tx.profile.findMany({
      where: { id: { in: newest.map(({ profileId }) => profileId) }, datasetVersionId: { in: [...datasetVersionIds] } },
      select: { id: true, datasetVersionId: true },
    });
    const datasetOf = new Map(profiles.map(({ id, datasetVersionId }) => [id, datasetVersionId]));
    const verdicts = evaluateMonitor(monitor, features);
    for (const { versionId, from, profileId } of newest) {
      const dataset = datasetOf.get(profileId);
      const verdict = verdicts.find((one) => one.versionId === versionId && one.from === from);
      if (dataset === undefined || verdict?.state !== "critical") continue;
      const said = held.get(dataset) ?? new Map<string, string>();
      if (!said.has(row.name)) said.set(row.name, `${verdict.feature}: ${verdict.explanation}`);
      held.set(dataset, said);
    }
  }
  return held;
}

/** Concept monitors judge models, not data. */
function holdsBack(row: { definition: unknown }): boolean {
  const { drift = "features", quarantine } = row.definition as { drift?: string; quarantine?: boolean };
  return drift === "features" && quarantine === true;
}

/**
 * Puts dataset versions into quarantine whose newest windows drift, in the transaction that records them, before anybody can read them.
 * @returns dataset version → words of each monitor that holds it back
 */
export async function holdBackDrifted(
  tx: Transaction,
  scope: Scope,
  datasetVersionIds: readonly string[],
): Promise<Map<string, string[]>> {
  const held = await findDrift(tx, scope.workspace.id, datasetVersionIds);
  const words = new Map<string, string[]>();
  for (const [id, monitors] of held) {
    const sentences = [...monitors].map(([monitor, sentence]) => `monitor ${monitor}: ${sentence}`);
    words.set(id, sentences);
    const { quarantinedAt, dataset, version } = await tx.datasetVersion.findUniqueOrThrow({ where: { id } });
    await tx.datasetVersion.update({
      where: { id },
      data: { heldBy: [...monitors.keys()], quarantinedAt: quarantinedAt ?? new Date() },
    });
    if (quarantinedAt === null)
      await tell(tx, scope, "dataset.quarantined", { dataset, version }, `is in quarantine: ${sentences.join("; ")}`, {
        monitors: [...monitors.keys()],
        found: sentences,
      });
  }
  return words;
}

/**
 * Looks at what monitors hold back again: after a baseline was reset, thresholds were changed, or a monitor is gone. What none holds any
 * more comes out of quarantine, unless a rule keeps it there, and goes where it would have gone.
 */
export async function reviewHeldBack(tx: Transaction, scope: Scope): Promise<void> {
  const rows = await tx.datasetVersion.findMany({
    where: { workspaceId: scope.workspace.id, heldBy: { isEmpty: false } },
    include: {
      run: { select: { id: true, workspaceId: true } },
      ruleChecks: { orderBy: { createdAt: "desc" }, take: 1, select: { critical: true } },
      values: { select: { featureVersion: { select: { feature: { select: { name: true } } } } } },
    },
  });
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  const held = await findDrift(tx, scope.workspace.id, ids);
  for (const { id, heldBy, run, values, ruleChecks, dataset, version } of rows) {
    const still = [...(held.get(id)?.keys() ?? [])];
    if (still.join() === heldBy.join()) continue;
    const isFree = still.length === 0 && (ruleChecks[0]?.critical ?? 0) === 0;
    await tx.datasetVersion.update({ where: { id }, data: { heldBy: still, ...(isFree && { quarantinedAt: null }) } });
    if (!isFree) continue;
    await tell(tx, scope, "dataset.released", { dataset, version }, "is out of quarantine: no monitor finds a critical drift in its newest window", { monitors: heldBy }); // prettier-ignore
    const features = new Set(values.map(({ featureVersion }) => featureVersion.feature.name));
    if (run) await queueMaterialisations(tx, run, [...features]);
  }
}

/** Whether some monitor holds back what drifts in the columns of a source. */
export async function isHeldToMonitors(workspaceId: string, source: string): Promise<boolean> {
  const rows = await prisma().monitor.findMany({ where: { workspaceId, retiredAt: null } });
  return rows.some((row) => holdsBack(row) && effectiveDefinition(row).source === source);
}

/** Throws `invalid` for a source's version whose newest window drifts, which is in quarantine then. Its distributions are recorded. */
export async function refuseDrifted(
  scope: Scope,
  source: string,
  { id, version }: { id: string; version: number },
): Promise<void> {
  const held = await prisma().$transaction((tx) => holdBackDrifted(tx, scope, [id]));
  const words = held.get(id);
  if (!words) return;
  throw new DomainError(
    "invalid",
    `Version ${version} of ${source} is in quarantine (${words.join("; ")}). Correct the data, or reset the monitor's baseline if they are as they should be.`,
    { source, version, monitors: words },
  );
}

async function tell(
  tx: Transaction,
  scope: Scope,
  event: "dataset.quarantined" | "dataset.released",
  { dataset, version }: { dataset: string; version: number },
  what: string,
  after: { monitors: string[]; found?: string[] },
): Promise<void> {
  const object = `dataset/${dataset}@${version}`;
  await announce(tx, scope.workspace.id, [
    {
      event,
      object,
      path: `/datasets/${encodeURIComponent(dataset)}`,
      summary: `Version ${version} of ${dataset} ${what}.`,
      data: { dataset, version, ...after },
    },
  ]);
  await recordEvent(tx, scope, {
    action: event === "dataset.quarantined" ? "dataset.quarantine" : "dataset.release",
    object,
    after,
  });
}
