import type { z } from "zod";
import type {
  AuditEvent as AuditEventRow,
  AuditFacets,
  AuditFilter,
  AuditVerdict,
  listAuditEvents as contract,
} from "@/lib/contracts/audit";
import { type Prisma, prisma } from "@/lib/db/client";
import type { Prisma as Where } from "@/lib/db/generated/client";
import { createChainVerifier, type AuditEvent } from "@/lib/domain/audit/chain";
import { PERMISSIONS } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { grantsIn } from "../access/grants";
import { sha256 } from "../record-event";
import { numberOf } from "../paging";
import { openScopeFor } from "../scope";

/** Events per query: what is held in memory of a log of any length. */
const PAGE = 1000;

type Row = Awaited<ReturnType<Prisma["auditEvent"]["findMany"]>>[number];

/** Events of a workspace, newest first; the cursor is the sequence of the last one seen. */
export async function listAuditEvents(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<{ items: AuditEventRow[]; total: number; nextCursor: string | null }> {
  const scope = await openScopeFor(principal, query.workspace, "audit:read");
  const where = whereOf(query, scope.workspace.id);
  const before = numberOf(query.cursor);
  const rows = await prisma().auditEvent.findMany({
    where: before === undefined ? where : { AND: [where, { sequence: { lt: before } }] },
    orderBy: { sequence: "desc" },
    take: query.limit + 1,
  });
  const items = rows.slice(0, query.limit).map(toEvent);
  return {
    items,
    total: await prisma().auditEvent.count({ where }),
    nextCursor: rows.length > query.limit ? String(items[items.length - 1]?.sequence) : null,
  };
}

export async function getAuditFacets(principal: Principal, workspace: string): Promise<AuditFacets> {
  const scope = await openScopeFor(principal, workspace, "audit:read");
  const where = { workspaceId: scope.workspace.id };
  const [actions, actors] = [
    await prisma().auditEvent.findMany({ where, distinct: ["action"], select: { action: true } }),
    await prisma().auditEvent.findMany({ where, distinct: ["actorName"], select: { actorName: true } }),
  ];
  return {
    actions: actions.map((row) => row.action).sort(),
    actors: actors.map((row) => row.actorName).sort(),
  };
}

/** The whole chain, of all workspaces: a part of it proves nothing. Holds one page of it at a time. */
export async function verifyAudit(principal: Principal, workspace: string): Promise<AuditVerdict> {
  await openScopeFor(principal, workspace, "audit:verify");
  const started = performance.now();
  const verifier = createChainVerifier(sha256);
  for await (const page of pagesOf({})) if (!verifier.add(page.map(toChained)).ok) break;
  const verdict = verifier.verdict();
  const head = verifier.head();
  return {
    ok: verdict.ok,
    events: head.sequence,
    head: head.hash,
    brokenAt: verdict.ok ? null : verdict.brokenAt,
    reason: verdict.ok ? null : verdict.reason,
    milliseconds: Math.round(performance.now() - started),
    checkedAt: new Date().toISOString(),
  };
}

/** NDJSON, oldest first. Permissions are checked before the first byte, so that a refusal is a problem document. */
export async function exportAudit(principal: Principal, filter: AuditFilter): Promise<AsyncIterable<string>> {
  const scope = await openScopeFor(principal, filter.workspace, "audit:read");
  const where = whereOf(filter, scope.workspace.id);
  return (async function* () {
    for await (const page of pagesOf(where)) yield page.map((row) => `${JSON.stringify(toEvent(row))}\n`).join("");
  })();
}

async function* pagesOf(where: Where.AuditEventWhereInput): AsyncGenerator<Row[]> {
  for (let last = 0; ;) {
    const page = await prisma().auditEvent.findMany({
      where: { AND: [where, { sequence: { gt: last } }] },
      orderBy: { sequence: "asc" },
      take: PAGE,
    });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = page[page.length - 1]?.sequence ?? last;
  }
}

function whereOf(
  { actor, action, object, change, from, to }: AuditFilter,
  workspaceId: string,
): Where.AuditEventWhereInput {
  return {
    workspaceId,
    ...(change !== undefined && { change }),
    ...(actor && { OR: [{ actorId: actor }, { actorName: { contains: actor, mode: "insensitive" } }] }),
    ...(action && { AND: { OR: namesOf(action).map((name) => ({ action: { startsWith: name } })) } }),
    ...(object && objectFilter(object)),
    ...((from ?? to) && { at: { ...(from && { gte: new Date(from) }), ...(to && { lt: endOf(to) }) } }),
  };
}

/** What an action was called in events of before. */
const RENAMED: readonly (readonly string[])[] = [["monitor.evaluate", "monitor.look"]];

/** An action, or how its name begins, with the other names that it had. */
const namesOf = (action: string) => [
  action,
  ...RENAMED.flatMap((names) => (names.some((name) => name.startsWith(action)) ? names : [])),
];

/**
 * `change/7`, alone or after the workspace, is the request itself, with what applying it did, and not request 70. Anything else
 * is a part of an object's name.
 */
function objectFilter(object: string): Where.AuditEventWhereInput {
  const change = /^(?:[a-z][a-z0-9_]*\/)?change\/(\d{1,9})$/.exec(object.trim())?.[1];
  return change === undefined ? { object: { contains: object, mode: "insensitive" } } : { change: Number(change) };
}

/** A day ends where the next begins. */
function endOf(to: string): Date {
  const at = new Date(to);
  return /^\d{4}-\d{2}-\d{2}$/.test(to) ? new Date(at.getTime() + 86_400_000) : at;
}

const toChained = (row: Row): AuditEvent => ({ ...row, at: row.at.toISOString(), actor: row.actorId });

const toEvent = ({ workspaceId: _, ...row }: Row): AuditEventRow => ({ ...row, at: row.at.toISOString() });

/** Names and roles of the people who may read the log of a workspace: whom to ask. */
export async function listAuditReaders(
  principal: Principal,
  workspace: string,
): Promise<{ name: string; role: string }[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const readers = await prisma().roleBinding.findMany({
    where: {
      role: { in: [...PERMISSIONS["audit:read"]] },
      ...grantsIn(scope.workspace.id),
      user: { disabledAt: null },
    },
    select: { role: true, user: { select: { name: true } } },
    orderBy: [{ role: "desc" }, { user: { name: "asc" } }],
  });
  return readers.map(({ role, user }) => ({ name: user.name, role }));
}
