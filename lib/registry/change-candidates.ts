import type { ChangeCandidate } from "@/lib/contracts/changes";
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "./scope";

/** Documented features that at least one environment serves, by name. */
export async function listChangeCandidates(principal: Principal, workspace: string): Promise<ChangeCandidate[]> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const features = await prisma().feature.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null, declared: true, pointers: { some: {} } },
    select: {
      name: true,
      description: true,
      versions: { select: { version: true }, orderBy: { version: "desc" } },
      pointers: { select: { environment: true, version: { select: { version: true } } } },
      changeRequests: { where: { endedAt: null }, select: { environment: true, number: true } },
    },
    orderBy: { name: "asc" },
  });
  return features.map(({ name, description, versions, pointers, changeRequests }) => {
    const served = new Map(pointers.map(({ environment, version }) => [environment, version.version]));
    const open = new Map(changeRequests.map(({ environment, number }) => [environment, number]));
    return {
      feature: name,
      description,
      versions: versions.map(({ version }) => version),
      serves: {
        dev: served.get("dev") ?? null,
        staging: served.get("staging") ?? null,
        production: served.get("production") ?? null,
      },
      open: { staging: open.get("staging") ?? null, production: open.get("production") ?? null },
    };
  });
}
