import { prisma } from "@/lib/db/client";
import type { DatabaseConnection } from "@/lib/db/generated/client";
import type { DatabaseAccess, TlsMode } from "@/lib/domain/datasets/database-access";
import { isTableSource, type SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { openSecret } from "./sealed-secret";

/**
 * How an engine reaches the database of a source; undefined for one that reads files.
 * @param workspaceId null for a workspace that is yet to be made
 * @throws DomainError `invalid` when the workspace has no such connection, `unavailable` when its password cannot be opened
 */
export async function databaseAccess(
  workspaceId: string | null,
  source: SourceDefinition,
): Promise<DatabaseAccess | undefined> {
  return isTableSource(source) ? connectionAccess(workspaceId, source.connection) : undefined;
}

/** The same of a connection by its name. */
export async function connectionAccess(workspaceId: string | null, name: string): Promise<DatabaseAccess> {
  const row =
    workspaceId === null
      ? null
      : await prisma().databaseConnection.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  if (row) return accessOf(row);
  const message = `There is no connection \`${name}\` in this workspace. An administrator makes one on Settings, or with \`tributary connections add\`.`;
  throw new DomainError("invalid", message, {
    issues: [{ path: ["connection"], message, expected: "a connection of the workspace", found: name }],
  });
}

export function accessOf(row: DatabaseConnection): DatabaseAccess {
  const { id, workspaceId, name, host, port, database, user, password, tls } = row;
  return {
    connection: name,
    host,
    port,
    database,
    user,
    password: password === null ? null : opened(name, password, id),
    tls: tls as TlsMode,
    workspaceId,
  };
}

function opened(name: string, password: string, id: string): string {
  try {
    return openSecret("database-connections", password, id);
  } catch {
    throw new DomainError(
      "unavailable",
      `The password of connection ${name} was kept with another key than this server has (NEXTAUTH_SECRET, or session-secret in the data folder). Set the password again.`,
    );
  }
}
