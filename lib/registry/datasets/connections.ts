import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type {
  Connection,
  ConnectionTest,
  CreateConnection,
  updateConnection as updateContract,
} from "@/lib/contracts/connections";
import { prisma, type Transaction } from "@/lib/db/client";
import type { DatabaseConnection as Row } from "@/lib/db/generated/client";
import type { DatabaseAccess, DatabaseGreeting, TlsMode } from "@/lib/domain/datasets/database-access";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";
import { sealSecret } from "../sealed-secret";
import { definitionOf } from "../stored-json";
import { accessOf } from "../database-access";

/** Tries a database as an engine does. */
export type GreetDatabase = (workspace: string, access: DatabaseAccess) => Promise<DatabaseGreeting>;

/** The connections of a workspace by name. */
export async function listConnections(principal: Principal, workspace: string): Promise<Connection[]> {
  const scope = await openScopeFor(principal, workspace, "connection:read");
  const where = { workspaceId: scope.workspace.id };
  return toConnections(await prisma().databaseConnection.findMany({ where, orderBy: { name: "asc" } }));
}

export async function getConnection(principal: Principal, workspace: string, name: string): Promise<Connection> {
  const scope = await openScopeFor(principal, workspace, "connection:read");
  return toConnection(await findConnection(prisma(), scope, name));
}

/** Throws `conflict` when the name is taken. */
export async function createConnection(
  principal: Principal,
  { workspace, name, password, ...server }: z.output<typeof CreateConnection>,
): Promise<Connection> {
  const scope = await openScopeFor(principal, workspace, "connection:manage");
  const id = randomUUID();
  const by = { createdBy: scope.actor.id, updatedBy: scope.actor.id };
  const row = await prisma().$transaction(async (tx) => {
    const [row] = await tx.databaseConnection.createManyAndReturn({
      data: { id, workspaceId: scope.workspace.id, name, ...server, password: sealed(password, id), ...by },
      skipDuplicates: true,
    });
    if (!row)
      throw new DomainError(
        "conflict",
        `There is a connection \`${name}\` already. Choose another name, or change that one.`,
      );
    await recordEvent(tx, scope, { action: "connection.create", object: `connection/${name}`, after: summaryOf(row) });
    return row;
  });
  return toConnection(row);
}

/** Throws `invalid` when the kept password would go to another place than it was given for. */
export async function updateConnection(
  principal: Principal,
  name: string,
  { workspace, password, ...server }: z.output<(typeof updateContract)["body"]>,
): Promise<Connection> {
  const scope = await openScopeFor(principal, workspace, "connection:manage");
  const row = await prisma().$transaction(async (tx) => {
    const before = await findConnection(tx, scope, name);
    if (password === undefined) assertSamePlace(before, { ...before, ...server });
    const row = await tx.databaseConnection.update({
      where: { id: before.id },
      data: {
        ...server,
        ...(password !== undefined && { password: sealed(password, before.id) }),
        updatedBy: scope.actor.id,
      },
    });
    await recordEvent(tx, scope, {
      action: "connection.update",
      object: `connection/${name}`,
      before: summaryOf(before),
      after: { ...summaryOf(row), ...(password !== undefined && { passwordChanged: true }) },
    });
    return row;
  });
  return toConnection(row);
}

const STRENGTH: readonly string[] = ["disable", "require", "verify-full"] satisfies TlsMode[];

/** A password that nobody shows must not be sent to whoever a connection is turned to. */
function assertSamePlace(before: Row, after: Row): void {
  if (before.password === null) return;
  const moved = (["host", "port", "user"] as const).find((member) => before[member] !== after[member]);
  const weaker = STRENGTH.indexOf(after.tls) < STRENGTH.indexOf(before.tls) ? "tls" : undefined;
  const member = moved ?? weaker;
  if (member === undefined) return;
  throw new DomainError(
    "invalid",
    `Give the password again: it was given for ${before.user} at ${before.host}:${before.port} with tls ${before.tls}, and ${member} changes.`,
    { issues: [{ path: ["password"], message: "expected the password, because the connection goes elsewhere" }] },
  );
}

/** Throws `conflict` naming the sources that read by it. */
export async function deleteConnection(principal: Principal, workspace: string, name: string): Promise<Connection> {
  const scope = await openScopeFor(principal, workspace, "connection:manage");
  const connection = await getConnection(principal, workspace, name);
  await prisma().$transaction(async (tx) => {
    const row = await findConnection(tx, scope, name);
    const [source, ...others] = (await sourcesBy(tx, scope.workspace.id)).get(name) ?? [];
    if (source !== undefined)
      throw new DomainError(
        "conflict",
        `Connection ${name} is read by source ${[source, ...others].join(", ")}. Retire it or name another connection there first.`,
      );
    await tx.databaseConnection.delete({ where: { id: row.id } });
    await recordEvent(tx, scope, { action: "connection.delete", object: `connection/${name}`, before: summaryOf(row) });
  });
  return connection;
}

/** What is wrong is an answer; only what is no fault of the connection is thrown. */
export async function testConnection(
  principal: Principal,
  workspace: string,
  name: string,
  greet: GreetDatabase,
): Promise<ConnectionTest> {
  const scope = await openScopeFor(principal, workspace, "connection:manage");
  const row = await findConnection(prisma(), scope, name);
  try {
    const { server, encrypted, tables } = await greet(workspace, accessOf(row));
    const readable = `${tables.length.toLocaleString("en")} ${tables.length === 1 ? "table" : "tables"} can be read`;
    return { ok: true, message: `${server} answers; ${readable}.`, encrypted, tables };
  } catch (error) {
    if (!(error instanceof DomainError) || !["invalid", "unavailable", "not_found"].includes(error.code)) throw error;
    return { ok: false, message: error.message, encrypted: null, tables: [] };
  }
}

const sealed = (password: string | null, id: string) => (password === null || password === "" ? null : sealSecret("database-connections", password, id)); // prettier-ignore

async function findConnection(tx: Transaction, scope: Scope, name: string): Promise<Row> {
  const where = { workspaceId_name: { workspaceId: scope.workspace.id, name } };
  const row = await tx.databaseConnection.findUnique({ where });
  if (row) return row;
  throw new DomainError("not_found", `There is no connection \`${name}\` in workspace ${scope.workspace.name}.`);
}

/** What may stand in the audit log. */
function summaryOf({ kind, host, port, database, user, tls, password }: Row) {
  return { kind, host, port, database, user, tls, hasPassword: password !== null };
}

/** Connection → sources that read by it. */
async function sourcesBy(tx: Transaction, workspaceId: string): Promise<Map<string, string[]>> {
  const rows = await tx.source.findMany({
    where: { workspaceId, format: "postgres", retiredAt: null },
    select: { name: true, definition: true },
    orderBy: { name: "asc" },
  });
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const { connection = "" } = definitionOf("Source", row);
    found.set(connection, [...(found.get(connection) ?? []), row.name]);
  }
  return found;
}

async function toConnection(row: Row): Promise<Connection> {
  return (await toConnections([row]))[0] as Connection;
}

async function toConnections(rows: readonly Row[]): Promise<Connection[]> {
  const [first] = rows;
  if (!first) return [];
  const sources = await sourcesBy(prisma(), first.workspaceId);
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  return rows.map((row) => ({
    name: row.name,
    kind: "postgres",
    host: row.host,
    port: row.port,
    database: row.database,
    user: row.user,
    hasPassword: row.password !== null,
    tls: row.tls as TlsMode,
    sources: sources.get(row.name) ?? [],
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
    updatedAt: row.updatedAt.toISOString(),
  }));
}
