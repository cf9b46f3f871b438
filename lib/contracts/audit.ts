import { z } from "zod";
import { Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";

export const AuditEvent = z
  .object({
    sequence: z.number().int().describe("Position in the log of the whole installation, from 1."),
    workspace: z.string().nullable().describe("The workspace it happened in; null for the installation."),
    at: Instant.describe("When."),
    actorId: z.string().describe("Id of who did it."),
    actorName: z.string().describe("Their name at the time."),
    action: z.string().describe("A verb with its noun, such as feature.promote."),
    object: z.string().describe("What it was done to, such as flights/feature/airport.segment."),
    change: z.number().int().nullable().describe("Number of the change request that it belongs to; null for none."),
    before: z.unknown().describe("The object before; null when there was none."),
    after: z.unknown().describe("The object after; null when it is gone."),
    requestId: z.string().nullable().describe("The request that did it, as in the server's log."),
    previousHash: z.string().describe("Hash of the event before."),
    hash: z.string().describe("SHA-256 of the canonical JSON of this event with the previous hash."),
  })
  .meta({ id: "AuditEvent", description: "One entry of the append-only, hash-chained log." });
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditFilter = WorkspaceQuery.extend({
  actor: z.string().optional().describe("Id of the actor, or part of their name."),
  action: z.string().optional().describe("Only actions that begin with this, such as change or feature.promote."),
  object: z
    .string()
    .optional()
    .describe(
      "Only objects that contain this; change/7 is that request's whole history, what applying it did included.",
    ),
  change: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Only what belongs to the change request of this number: its reviews, and what applying it did."),
  from: z.iso
    .datetime({ offset: true })
    .or(z.iso.date())
    .optional()
    .describe("Only events at or after this instant or day."),
  to: z.iso
    .datetime({ offset: true })
    .or(z.iso.date())
    .optional()
    .describe("Only events before this instant, or up to the end of this day."),
});
export type AuditFilter = z.output<typeof AuditFilter>;

export const listAuditEvents = operation({
  id: "listAuditEvents",
  method: "GET",
  path: "/api/v1/audit",
  summary: "What happened in a workspace, newest first.",
  tag: "audit",
  query: AuditFilter.extend(Page.shape),
  response: listOf(AuditEvent, "events").meta({ id: "AuditEventList", description: "Audit events." }),
});

export const AuditFacets = z
  .object({
    actions: z.array(z.string()).describe("Every action in the log of the workspace."),
    actors: z.array(z.string()).describe("Names of everybody in it."),
  })
  .meta({ id: "AuditFacets", description: "What the log can be filtered by." });
export type AuditFacets = z.infer<typeof AuditFacets>;

export const getAuditFacets = operation({
  id: "getAuditFacets",
  method: "GET",
  path: "/api/v1/audit/facets",
  summary: "The actions and actors of a workspace's log.",
  tag: "audit",
  query: WorkspaceQuery,
  response: AuditFacets,
});

export const AuditVerdict = z
  .object({
    ok: z.boolean().describe("Whether every event follows from the one before."),
    events: z.number().int().describe("Events that are sound, from the first."),
    head: z.string().describe("Hash of the last sound event. Keep it elsewhere: only that shows truncation."),
    brokenAt: z.number().int().nullable().describe("Sequence of the first event that does not hold; null when all do."),
    reason: z.string().nullable().describe("Why it does not hold."),
    milliseconds: z.number().describe("How long the check took."),
    checkedAt: Instant.describe("When it was checked."),
  })
  .meta({ id: "AuditVerdict", description: "Result of verifying the whole chain, across all workspaces." });
export type AuditVerdict = z.infer<typeof AuditVerdict>;

export const verifyAudit = operation({
  id: "verifyAudit",
  method: "GET",
  path: "/api/v1/audit/verify",
  summary: "Verifies the hash chain of the whole installation.",
  tag: "audit",
  query: z.object({ workspace: WorkspaceName }),
  response: AuditVerdict,
});

export const exportAudit = operation({
  id: "exportAudit",
  method: "GET",
  path: "/api/v1/audit/export",
  summary: "The events as NDJSON, oldest first: one AuditEvent per line.",
  tag: "audit",
  query: AuditFilter,
  response: z.string().describe("application/x-ndjson"),
});
