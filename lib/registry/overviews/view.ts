import type { Overview } from "@/lib/contracts/overviews";
import { prisma } from "@/lib/db/client";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Principal } from "@/lib/domain/principal";
import { currentVersion } from "../features/documents";
import { unitOf } from "../features/unit";
import { type ProfileRow, toOverviewFeature } from "./feature";
import { availableGroups, chooseGroups, rowsOfGroups, groupOf, partialWindows } from "./comparison-groups";
import { pageOf } from "../paging";
import { isWithheld } from "../access/personal-values";
import { profiledElsewhere } from "./profiled-elsewhere";
import { openScopeFor } from "../scope";
import { findView } from "../serving/views";
import { FIGURES, withFigures } from "../stored-figures";

/**
 * Distributions of a view's features side by side, each of the version that is served: in production, else staging, else dev.
 * Throws `not_found`, and `invalid` for a group that there is not.
 */
export async function getViewOverview(
  principal: Principal,
  name: string,
  query: { workspace: string; groups?: string; limit: number; cursor?: string },
): Promise<Overview> {
  const scope = await openScopeFor(principal, query.workspace, "feature:read");
  const view = await findView(scope, name);
  const features = await prisma().feature.findMany({
    where: { workspaceId: scope.workspace.id, name: { in: view.features } },
    select: {
      name: true,
      owner: true,
      type: true,
      sensitivity: true,
      definition: true,
      pointers: { select: { environment: true, versionId: true } },
      versions: { select: { id: true, version: true } },
    },
  });
  const byName = new Map(
    features.map((feature) => [
      feature.name,
      { ...feature, current: currentVersion(feature.versions, feature.pointers) },
    ]),
  );
  const served = [...byName.values()].flatMap(({ current }) => current?.id ?? []);
  const profiled = await prisma().profile.groupBy({
    by: ["part", "windowFrom", "windowTo"],
    _max: { rows: true },
    where: { workspaceId: scope.workspace.id, featureVersionId: { in: served } },
  });
  const available = availableGroups(profiled, []);
  const groups = chooseGroups(available, query.groups);
  const partial = partialWindows(profiled);
  const { items: page, ...rest } = pageOf(view.features, query);
  const rows = await prisma().profile.findMany({
    where: {
      workspaceId: scope.workspace.id,
      featureVersionId: { in: page.flatMap((feature) => byName.get(feature)?.current?.id ?? []) },
      OR: rowsOfGroups(profiled, groups),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    include: FIGURES,
  });
  const cells = new Map<string, ProfileRow>();
  for (const row of rows.map(withFigures)) {
    const key = `${row.column}/${groupOf(row)?.key}`;
    // Several runs may have profiled the same rows: the newest stands.
    if (!cells.has(key)) cells.set(key, row);
  }
  const without = page.filter((feature) => groups.every((group) => !cells.has(`${feature}/${group.key}`)));
  const elsewhere = await profiledElsewhere(
    { workspaceId: scope.workspace.id, featureVersionId: { in: served } },
    without,
  );
  return {
    subject: "view",
    name,
    version: null,
    versions: [],
    quarantinedAt: null,
    heldBy: [],
    available,
    groups,
    items: page.map((feature) => {
      const known = byName.get(feature);
      return toOverviewFeature(
        {
          name: feature,
          feature,
          owner: known?.owner ?? "",
          withheld: isWithheld(scope, known?.sensitivity),
          type: (known?.type ?? null) as ColumnType | null,
          version: known?.current?.version ?? null,
          unit: unitOf(known?.definition),
          moving: null,
          elsewhere: elsewhere.get(feature) ?? [],
          noRows: "A view has no rows of its own: they are in the datasets that its features were written to.",
        },
        groups,
        groups.map((group) => cells.get(`${feature}/${group.key}`) ?? null),
        partial,
      );
    }),
    ...rest,
  };
}
