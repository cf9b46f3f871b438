import type { Overview } from "@/lib/contracts/overviews";
import { prisma } from "@/lib/db/client";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { movingAs } from "@/lib/domain/profiles/moving-column";
import type { ComparisonGroup } from "@/lib/domain/profiles/comparison-group";
import { unitOf } from "../features/unit";
import { type OverviewColumn, type ProfileRow, toOverviewFeature } from "./feature";
import {
  availableGroups,
  chooseGroups,
  type ProfiledRows,
  rowsOfGroups,
  groupOf,
  partialWindows,
} from "./comparison-groups";
import { openableColumns, whyNotOpenable } from "../datasets/openable-columns";
import { pageOf } from "../paging";
import { isWithheld } from "../access/personal-values";
import { profiledElsewhere } from "./profiled-elsewhere";
import { openScopeFor, type Scope } from "../scope";
import {
  columnsOfVersions,
  nameIn,
  type ProfiledVersion,
  profilesOf,
  versionOf,
  writtenNames,
} from "../datasets/version-columns";
import { definitionOf } from "../stored-json";
import { FIGURES, withFigures } from "../stored-figures";

interface OverviewQuery {
  workspace: string;
  version?: number;
  groups?: string;
  limit: number;
  cursor?: string;
}

interface Version extends ProfiledVersion {
  version: number;
  quarantinedAt: Date | null;
  heldBy: string[];
  isProfiled: boolean;
}

/**
 * Distributions of a dataset's columns side by side, from stored profiles alone. Parts and windows are of one version; other
 * versions are groups too, over all their rows. Throws `not_found`, and `invalid` for a group that there is not.
 */
export async function getDatasetOverview(principal: Principal, name: string, query: OverviewQuery): Promise<Overview> {
  const scope = await openScopeFor(principal, query.workspace, "feature:read");
  const source = await findSource(scope, name);
  const entity = source?.entity ?? name.split("@")[0] ?? "";
  const versions = await versionsOf(scope, name, entity);
  if (!source && versions.length === 0)
    throw new DomainError("not_found", `There is no dataset \`${name}\` in ${scope.workspace.name}.`, {
      dataset: name,
    });
  const base = chooseVersion(versions, name, query.version);
  const profiled = base
    ? await prisma().profile.groupBy({
        by: ["part", "windowFrom", "windowTo"],
        _max: { rows: true },
        where: profilesOf(scope.workspace.id, [base]),
      })
    : [];
  const withProfiles = versions.filter((version) => version.isProfiled);
  const available = availableGroups(
    profiled,
    withProfiles.length > 1 ? withProfiles.map((version) => version.version) : [],
  );
  const groups = chooseGroups(available, query.groups);
  const partial = partialWindows(profiled);
  // Each group is of one version: a part or a window of the chosen one.
  const versionOfGroup = (group: ComparisonGroup) =>
    group.kind === "version" ? versions.find(({ version }) => `v${version}` === group.key) : base;
  const shown = [...new Set([base, ...groups.map(versionOfGroup)].filter((version) => version !== undefined))];
  const names = await writtenNames(shown);
  const found = await columnsOfVersions(scope.workspace.id, shown, names);
  const columns = new Map([
    ...(source?.columns.map((column) => [column.name, `${entity}.${column.name}`] as const) ?? []),
    ...[...found.values()].flatMap((own) => [...own]),
  ]);
  const { items: page, ...rest } = pageOf([...columns.keys()], query);
  const described = await describe(scope, columns, page, [...names.values()], source);
  const openable = base ? await openableColumns(base.id, entity) : new Set<string>();
  const features = described.map((column) => column.feature);
  const rows = await loadProfiles(scope, shown, features, rowsOfGroups(profiled, groups));
  const cells = new Map<string, ProfileRow>();
  for (const row of rows) {
    const version = versionOf(shown, row);
    const own =
      (version && row.featureVersionId && names.get(version.id)?.get(row.featureVersionId)) ||
      nameIn(entity, row.column);
    const group = groupOf(row);
    if (!version || !group) continue;
    if (version === base) keepFirst(cells, `${own}/${group.key}`, row);
    if (group.key === "all") keepFirst(cells, `${own}/v${version.version}`, row);
  }
  const profilesOfColumn = (name: string) => groups.map((group) => cells.get(`${name}/${group.key}`) ?? null);
  const without = described.filter(({ name }) => profilesOfColumn(name).every((profile) => profile === null));
  const elsewhere = base
    ? await profiledElsewhere(
        profilesOf(scope.workspace.id, [base]),
        without.map((column) => column.feature),
      )
    : new Map<string, string[]>();
  return {
    subject: "dataset",
    name,
    version: base?.version ?? null,
    versions: withProfiles.map((version) => version.version),
    quarantinedAt: base?.quarantinedAt?.toISOString() ?? null,
    heldBy: base?.heldBy ?? [],
    available,
    groups,
    items: described.map((column) => {
      const noRows = whyNotOpenable(column, entity, openable);
      const feature = toOverviewFeature(
        { ...column, noRows, elsewhere: elsewhere.get(column.feature) ?? [] },
        groups,
        profilesOfColumn(column.name),
        partial,
      );
      // Whose rows they are changes what every figure says.
      const isOfOthers = splitColumn(column.feature)[0] !== entity;
      return isOfOthers && noRows ? { ...feature, notes: [noRows, ...feature.notes] } : feature;
    }),
    ...rest,
  };
}

/** The newest comes first. */
function keepFirst(cells: Map<string, ProfileRow>, key: string, row: ProfileRow): void {
  if (!cells.has(key)) cells.set(key, row);
}

async function findSource(scope: Scope, name: string): Promise<SourceDefinition | null> {
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    select: { definition: true },
  });
  return row && definitionOf("Source", row);
}

async function versionsOf(scope: Scope, dataset: string, entity: string): Promise<Version[]> {
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId: scope.workspace.id, dataset },
    select: {
      id: true,
      version: true,
      runId: true,
      quarantinedAt: true,
      heldBy: true,
      _count: { select: { profiles: true } },
    },
    orderBy: { version: "desc" },
  });
  return rows.map(({ _count, ...row }) => ({ ...row, entity, isProfiled: _count.profiles > 0 }));
}

function chooseVersion(versions: readonly Version[], name: string, asked: number | undefined): Version | undefined {
  if (asked === undefined) return versions.find((version) => version.isProfiled) ?? versions[0];
  const found = versions.find(({ version }) => version === asked);
  if (found) return found;
  throw new DomainError(
    "not_found",
    `\`${name}\` has no version ${asked}. The newest is ${versions[0]?.version ?? "none"}.`,
    {
      dataset: name,
      version: asked,
    },
  );
}

/** What is declared of the columns of a page. */
async function describe(
  scope: Scope,
  featureOf: ReadonlyMap<string, string>,
  page: readonly string[],
  names: readonly Map<string, string>[],
  source: SourceDefinition | null,
): Promise<Omit<OverviewColumn, "noRows" | "elsewhere">[]> {
  const versionIds = new Map(names.flatMap((columns) => [...columns].map(([id, name]) => [name, id] as const)));
  const written = await prisma().featureVersion.findMany({
    where: { id: { in: page.flatMap((name) => versionIds.get(name) ?? []) } },
    select: { id: true, version: true, feature: { select: { name: true } } },
  });
  const byId = new Map(written.map((row) => [row.id, row]));
  const columns = page.map((name) => {
    const version = byId.get(versionIds.get(name) ?? "");
    return { name, feature: version?.feature.name ?? featureOf.get(name) ?? name, version: version?.version ?? null };
  });
  const features = await prisma().feature.findMany({
    where: { workspaceId: scope.workspace.id, name: { in: columns.map((column) => column.feature) } },
    select: { name: true, owner: true, type: true, sensitivity: true, definition: true },
  });
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return columns.map((column) => ({
    ...column,
    unit: unitOf(byName.get(column.feature)?.definition),
    moving: source && movingAs(source, column.name),
    withheld: isWithheld(scope, byName.get(column.feature)?.sensitivity),
    owner: byName.get(column.feature)?.owner || source?.owner || "",
    type: (byName.get(column.feature)?.type ??
      source?.columns.find(({ name }) => name === column.name)?.type ??
      null) as ColumnType | null,
  }));
}

async function loadProfiles(scope: Scope, versions: readonly Version[], columns: string[], groups: ProfiledRows[]) {
  const rows = await prisma().profile.findMany({
    where: { AND: [profilesOf(scope.workspace.id, versions), { OR: groups }], column: { in: columns } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    include: FIGURES,
  });
  return rows.map(withFigures);
}
