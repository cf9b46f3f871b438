import { prisma } from "@/lib/db/client";
import type { Meta } from "@/lib/domain/definitions/documented";
import { operatorName } from "@/lib/domain/operators/operator-table";
import { describedEntry } from "@/lib/domain/search/search-list";
import { createTextIndex, type SearchEntry, type TextIndex } from "@/lib/domain/search/text-index";
import { loadCurrent } from "../definitions/current";
import { atRevision } from "./at-revision";
import { modelOwner } from "./model-owner";
import { loadStages } from "./catalogue";

/** What has a name in a workspace, but for features, which have an index of their own. */
export interface NamedObject {
  kind:
    "source" | "stage" | "view" | "entity" | "service" | "split_policy" | "pipeline" | "monitor" | "model" | "dataset";
  name: string;
  entity: string | null;
  owner: string;
  /** One line about it. */
  detail: string;
  /** Format, operator, where it is served: what a picture shows beside the name. */
  trait: string;
}

export interface ObjectIndex {
  objects: NamedObject[];
  /** By the same numbers. */
  text: TextIndex;
}

/** The named objects of a workspace as it is now, by kind and name. */
export const objectIndex: (workspaceId: string) => Promise<ObjectIndex> = atRevision("objects", async (workspaceId) => {
  const found = [
    ...(await loadStages(workspaceId)).map((stage) =>
      toFound("stage", stage, { entity: stage.entity, trait: operatorName(stage) }),
    ),
    ...(await loadCurrent(workspaceId, DECLARED)).map(({ definition }) => {
      const { kind } = definition;
      if (kind === "Source")
        return toFound("source", definition, { entity: definition.entity, trait: definition.format });
      if (kind === "FeatureView")
        return toFound("view", definition, {
          entity: definition.entity,
          trait: definition.online ? "online" : "offline",
        });
      return toFound(KINDS[kind], definition);
    }),
    ...(await loadModels(workspaceId)),
    ...(await loadOutputs(workspaceId)),
  ];
  return { objects: found.map(({ object }) => object), text: createTextIndex(found.map(({ entry }) => entry)) };
});

const DECLARED = ["Entity", "Source", "FeatureView", "FeatureService", "SplitPolicy", "Pipeline", "Monitor"] as const;

const KINDS = {
  Entity: "entity",
  FeatureService: "service",
  SplitPolicy: "split_policy",
  Pipeline: "pipeline",
  Monitor: "monitor",
} as const;

interface Found {
  object: NamedObject;
  entry: SearchEntry;
}

function toFound(
  kind: NamedObject["kind"],
  described: Parameters<typeof describedEntry>[0],
  about: Partial<NamedObject> = {},
): Found {
  const { name, description = "", owner = "" } = described;
  return {
    object: { kind, name, entity: null, owner, detail: description, trait: "", ...about },
    entry: describedEntry(described),
  };
}

/** Those that runs made and those that are declared. */
async function loadModels(workspaceId: string): Promise<Found[]> {
  const rows = await prisma().model.findMany({
    where: { workspaceId, OR: [{ declared: true }, { versions: { some: {} } }] },
    select: {
      name: true,
      description: true,
      owner: true,
      tags: true,
      meta: true,
      versions: {
        select: { version: true, variant: { select: { pipeline: { select: { owner: true } } } } },
        orderBy: { version: "desc" },
        take: 1,
      },
    },
    orderBy: { name: "asc" },
  });
  return rows.map(({ versions: [newest], meta, ...row }) =>
    toFound(
      "model",
      { ...row, owner: modelOwner(row, newest?.variant), meta: meta as Meta },
      { detail: newest ? `newest version ${newest.version}` : "no version yet" },
    ),
  );
}

/** Datasets that runs wrote. */
async function loadOutputs(workspaceId: string): Promise<Found[]> {
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId, runId: { not: null } },
    distinct: ["dataset"],
    select: { dataset: true, version: true },
    orderBy: [{ dataset: "asc" }, { version: "desc" }],
  });
  return rows.map(({ dataset, version }) =>
    toFound("dataset", { name: dataset }, { detail: `written by runs, newest version ${version}` }),
  );
}
