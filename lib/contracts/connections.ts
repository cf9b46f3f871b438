import { z } from "zod";
import { TLS_MODES } from "@/lib/domain/datasets/database-access";
import { Instant, listOf, operation, WorkspaceBody, WorkspaceQuery } from "./operation";

const DEFAULT_PORT = 5432;

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, { error: "expected a name such as warehouse: small letters, digits and _" })
  .describe("Name of the connection, which sources give as `connection`.");
const word = (what: string) => z.string().trim().min(1, { error: `expected ${what}` }).max(255, { error: "expected at most 255 characters" }); // prettier-ignore
const Kind = z.enum(["postgres"]).describe("Kind of database.");
const Host = word("a host name or an IP address")
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._:-]+)$/, { error: "expected a host name or an IP address" })
  .describe("Host name or IP address of its server.");
const Port = z.number().int().min(1).max(65_535).describe("Port of its server.");
const Database = word("a database's name").describe("Name of the database.");
const User = word("a user's name").describe("User of the database; one that may only read is best.");
const Password = z
  .string()
  .max(1000, { error: "expected at most 1,000 characters" })
  .nullable()
  .describe("Password of the user, kept encrypted and never shown; null where the database asks for none.");
const Tls = z
  .enum(TLS_MODES)
  .describe("`disable` sends in the clear, `require` encrypts, `verify-full` also verifies certificate and host.");

export const Connection = z
  .object({
    name: z.string().describe("Name."),
    kind: Kind,
    host: z.string().describe("Host."),
    port: z.number().int().describe("Port."),
    database: z.string().describe("Database."),
    user: z.string().describe("User of the database."),
    hasPassword: z.boolean().describe("Whether a password is kept."),
    tls: Tls,
    sources: z.array(z.string()).describe("Sources that read by it."),
    createdAt: Instant.describe("When it was made."),
    createdBy: z.string().describe("Name of who made it."),
    updatedAt: Instant.describe("When it was changed last."),
  })
  .meta({
    id: "Connection",
    description: "A database that sources of the workspace may read; its password is not shown.",
  });
export type Connection = z.infer<typeof Connection>;

const ConnectionParams = z.object({ name: Name });

export const listConnections = operation({
  id: "listConnections",
  method: "GET",
  path: "/api/v1/connections",
  summary: "The connections of a workspace to databases, by name.",
  tag: "sources",
  query: WorkspaceQuery,
  response: listOf(Connection, "connections").meta({ id: "ConnectionList", description: "Connections by name." }),
});

export const CreateConnection = WorkspaceBody.extend({
  name: Name,
  kind: Kind.default("postgres"),
  host: Host,
  port: Port.default(DEFAULT_PORT),
  database: Database,
  user: User,
  password: Password.default(null),
  tls: Tls.default("require"),
}).meta({ id: "CreateConnection", description: "A connection to make." });

export const createConnection = operation({
  id: "createConnection",
  method: "POST",
  path: "/api/v1/connections",
  summary: "Makes a connection to a database. Nothing is tried; see the test of it.",
  tag: "sources",
  body: CreateConnection,
  response: Connection,
  status: 201,
});

export const getConnection = operation({
  id: "getConnection",
  method: "GET",
  path: "/api/v1/connections/{name}",
  summary: "One connection to a database.",
  tag: "sources",
  params: ConnectionParams,
  query: WorkspaceQuery,
  response: Connection,
});

export const updateConnection = operation({
  id: "updateConnection",
  method: "PATCH",
  path: "/api/v1/connections/{name}",
  summary: "Changes a connection. Another host, port or user, and weaker TLS, need the password again.",
  tag: "sources",
  params: ConnectionParams,
  body: WorkspaceBody.extend({
    host: Host.optional(),
    port: Port.optional(),
    database: Database.optional(),
    user: User.optional(),
    password: Password.optional(),
    tls: Tls.optional(),
  }),
  response: Connection,
});

export const deleteConnection = operation({
  id: "deleteConnection",
  method: "DELETE",
  path: "/api/v1/connections/{name}",
  summary: "Removes a connection that no source reads by.",
  tag: "sources",
  params: ConnectionParams,
  query: WorkspaceQuery,
  response: Connection,
});

export const ConnectionTest = z
  .object({
    ok: z.boolean().describe("Whether the database can be read."),
    message: z.string().describe("What the server says of itself, or what is wrong, in words."),
    encrypted: z
      .boolean()
      .nullable()
      .describe("Whether the connection was encrypted; null when it did not come about."),
    tables: z.array(z.string()).describe("Tables and views that the user may read, at most 1,000."),
  })
  .meta({ id: "ConnectionTest", description: "How trying a connection went." });
export type ConnectionTest = z.infer<typeof ConnectionTest>;

export const testConnection = operation({
  id: "testConnection",
  method: "POST",
  path: "/api/v1/connections/{name}/test",
  summary: "Tries a connection, and says what is wrong with it.",
  tag: "sources",
  params: ConnectionParams,
  body: WorkspaceBody,
  response: ConnectionTest,
});
