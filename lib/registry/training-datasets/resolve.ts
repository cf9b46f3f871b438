/** Which versions of declared objects and data there are for a training dataset. */
import { prisma } from "@/lib/db/client";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import { loadCurrent, noSuchObject } from "../definitions/current";
import type { Scope } from "../scope";

type Workspace = Scope["workspace"];

/**
 * The version of a source's data that a spine is: the one named, else the newest that had been written by `asOf`. Throws `not_found` where
 * there is none.
 */
export async function spineVersion(
  workspace: Workspace,
  { source, version }: { source: string; version?: number | undefined },
  asOf: Date | undefined,
): Promise<{ version: number; digest: string; definition: number }> {
  const declared = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId: workspace.id, name: source } },
    select: { definitionVersion: { select: { version: true } } },
  });
  if (!declared) {
    const known = await prisma().source.findMany({ where: { workspaceId: workspace.id }, select: { name: true } });
    const meant = nearest(source, known.map(({ name }) => name)); // prettier-ignore
    const message = `There is no source \`${source}\`. ${meant ? `Did you mean \`${meant}\`?` : "A spine is the rows of a source."}`;
    throw new DomainError("not_found", message, { issues: [{ path: ["spine", "source"], message }] });
  }
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId: workspace.id, dataset: source },
    orderBy: { version: "desc" },
    select: { version: true, digest: true, createdAt: true },
  });
  const there = rows.filter(({ createdAt }) => asOf === undefined || createdAt <= asOf);
  const found = version === undefined ? there[0] : there.find((row) => row.version === version);
  if (found) return { version: found.version, digest: found.digest, definition: declared.definitionVersion.version };
  const what = version === undefined ? `data of \`${source}\`` : `version ${version} of \`${source}\``;
  const later = version === undefined ? rows.length > 0 : rows.some((row) => row.version === version);
  throw new DomainError(
    "not_found",
    later
      ? `There was no ${what} by ${asOf?.toISOString()}: it was written later. Take a later as-of time.`
      : `There is no ${what}. A source has data after its first run${rows.length > 0 ? `; this one has the versions ${rows.map((row) => row.version).join(", ")}` : ""}.`,
  );
}

/** A split policy as it is declared now, with its version. Throws `not_found`. */
export async function currentSplitPolicy(
  workspace: Workspace,
  name: string,
): Promise<{ definition: SplitPolicyDefinition; version: number }> {
  const all = await loadCurrent(workspace.id, ["SplitPolicy"]);
  const found = all.find(({ definition }) => definition.name === name);
  if (found) return found;
  const meant = nearest(name, all.map(({ definition }) => definition.name)); // prettier-ignore
  if (meant) throw new DomainError("not_found", `There is no split policy \`${name}\`. Did you mean \`${meant}\`?`);
  throw noSuchObject("SplitPolicy", name, workspace.name);
}

/** The number of the current version of a declared object. */
export async function definitionVersionOf(workspace: Workspace, kind: "FeatureService", name: string): Promise<number> {
  const found = (await loadCurrent(workspace.id, [kind])).find(({ definition }) => definition.name === name);
  if (!found) throw noSuchObject(kind, name, workspace.name);
  return found.version;
}
