import { z } from "zod";
import { MOST_DAYS } from "@/lib/domain/datasets/retention";
import { Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";

const Days = z
  .number()
  .int({ error: "expected a whole number of days" })
  .min(0, { error: "expected 0 or more days" })
  .max(MOST_DAYS, { error: `expected at most ${MOST_DAYS} days` })
  .nullable()
  .describe("Days for which the bytes of a source's version are kept after a newer one replaced it. Null: for ever; 0: no bytes are kept."); // prettier-ignore

export const KeptVersion = z
  .object({
    dataset: z.string().describe("Name of the source."),
    version: z.number().int().describe("Its version, by which `versionAsOf` names it."),
    rows: z.number().int().describe("Rows in it."),
    bytes: z.number().int().describe("Size of its files. Files that other versions have too are kept once."),
    recordedAt: Instant.describe("When it was recorded."),
    replacedAt: Instant.nullable().describe("When a newer version was recorded; null for the newest."),
    keptAt: Instant.nullable().describe("When its bytes were kept; null where they are not."),
    notKept: z.string().nullable().describe("Why its bytes are not kept, as a sentence; null where they are or were."),
    expiresAt: Instant.nullable().describe(
      "When its bytes may be removed; null for never, as long as nothing changes.",
    ),
    expiredAt: Instant.nullable().describe("When its bytes were removed; null where they were not."),
    pin: z
      .object({
        reason: z.string().describe("Why."),
        by: z.string().describe("Who pinned it."),
        at: Instant.describe("When."),
      })
      .nullable()
      .describe("Who keeps it beyond the retention; null for nobody."),
    runs: z.number().int().describe("Runs that read it, and cannot be reproduced without it."),
    trainingDatasets: z.array(z.string()).describe("Training datasets whose rows follow from it."),
  })
  .meta({ id: "KeptVersion", description: "A version of a source, and for how long its bytes are kept." });
export type KeptVersion = z.output<typeof KeptVersion>;

export const Retention = listOf(KeptVersion, "versions")
  .extend({
    days: Days,
    keptFiles: z.number().int().describe("Different files that are kept for the workspace."),
    keptBytes: z.number().int().describe("Their size. Files that other workspaces read too are kept once for all."),
    actions: z.array(z.enum(["edit", "pin"])).describe("What the caller may do: set the days, pin versions."),
  })
  .meta({ id: "Retention", description: "For how long the bytes of sources are kept: what expires next comes first." });
export type Retention = z.output<typeof Retention>;

const tag = "retention";

export const getRetention = operation({
  id: "getRetention",
  method: "GET",
  path: "/api/v1/retention",
  summary: "For how long the bytes of sources' versions are kept, and what expires when.",
  tag,
  query: WorkspaceQuery.extend(Page.shape).extend({ dataset: z.string().optional().describe("Only versions of this source.") }), // prettier-ignore
  response: Retention,
});

export const setRetention = operation({
  id: "setRetention",
  method: "PUT",
  path: "/api/v1/retention",
  summary: "Sets for how long the bytes of sources' versions are kept.",
  tag,
  body: z.strictObject({ workspace: WorkspaceName, days: Days }).meta({ id: "SetRetention", description: "The days." }),
  response: Retention,
});

const version = {
  path: "/api/v1/datasets/{name}/versions/{version}/pin",
  tag,
  params: z.object({
    name: z.string().describe("Name of the source."),
    version: z.coerce.number().int().min(1).describe("Its version."),
  }),
  response: KeptVersion,
};

export const pinVersion = operation({
  id: "pinVersion",
  method: "PUT",
  summary: "Keeps the bytes of a source's version beyond the retention.",
  ...version,
  body: z
    .strictObject({ workspace: WorkspaceName, reason: z.string().trim().min(1).max(500).describe("Why it is kept.") })
    .meta({ id: "PinVersion", description: "Why a version is kept." }),
});

export const unpinVersion = operation({
  id: "unpinVersion",
  method: "DELETE",
  summary: "Lets the bytes of a source's version expire as others do.",
  ...version,
  query: WorkspaceQuery,
});
