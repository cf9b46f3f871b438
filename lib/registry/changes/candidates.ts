import type { ChangeCandidate } from "@/lib/contracts/changes";
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

/** Documented features that at least one environment serves, then models, each by name. */
export async function listChangeCandidates(principal: Principal, workspace: string): Promise<ChangeCandidate[]> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const { id } = scope.workspace;
  return [...(await featureCandidates(id)), ...(await modelCandidates(id))];
}

async function featureCandidates(workspaceId: string): Promise<ChangeCandidate[]> {
  const features = await prisma().feature.findMany({
    where: { workspaceId, retiredAt: null, declared: true, pointers: { some: {} } },
    select: {
      name: true,
      description: true,
      versions: { select: { version: true }, orderBy: { version: "desc" } },
      pointers: { select: { environment: true, version: { select: { version: true } } } },
      changeItems: OPEN,
    },
    orderBy: { name: "asc" },
  });
  return features.map(({ name, description, versions, pointers, changeItems }) => {
    const served = new Map(pointers.map(({ environment, version }) => [environment, version.version]));
    return {
      feature: name,
      model: null,
      description,
      versions: versions.map(({ version }) => version),
      serves: {
        dev: served.get("dev") ?? null,
        staging: served.get("staging") ?? null,
        production: served.get("production") ?? null,
      },
      open: openOf(changeItems),
    };
  });
}

async function modelCandidates(workspaceId: string): Promise<ChangeCandidate[]> {
  const models = await prisma().model.findMany({
    where: { workspaceId, versions: { some: {} } },
    select: {
      name: true,
      versions: {
        select: { version: true, variant: { select: { pipeline: { select: { description: true } } } } },
        orderBy: { version: "desc" },
      },
      aliases: { select: { alias: true, modelVersion: { select: { version: true } } } },
      changeItems: OPEN,
    },
    orderBy: { name: "asc" },
  });
  return models.map(({ name, versions, aliases, changeItems }) => {
    const named = new Map(aliases.map(({ alias, modelVersion }) => [alias, modelVersion.version]));
    return {
      feature: null,
      model: name,
      description: versions[0]?.variant?.pipeline.description ?? "",
      versions: versions.map(({ version }) => version),
      serves: {
        dev: versions[0]?.version ?? null,
        staging: named.get("staging") ?? null,
        production: named.get("production") ?? null,
      },
      open: openOf(changeItems),
    };
  });
}

const OPEN = {
  where: { change: { endedAt: null } },
  select: { environment: true, change: { select: { number: true } } },
} as const;

function openOf(items: { environment: string; change: { number: number } }[]): ChangeCandidate["open"] {
  const numberIn = (environment: string) =>
    items.find((item) => item.environment === environment)?.change.number ?? null;
  return { staging: numberIn("staging"), production: numberIn("production") };
}
