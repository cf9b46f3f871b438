import { readFileSync } from "node:fs";
import type { Connection, ConnectionTest } from "@/lib/contracts/connections";
import { TLS_MODES, type TlsMode } from "@/lib/domain/datasets/database-access";
import { DomainError } from "@/lib/domain/errors";
import { noSuchAction, type Outcome, performAt } from "./administration";
import { parseWords, UsageError } from "./arguments";
import type { Connection as RegistryConnection } from "./spec-registry";

const ACTIONS = ["list", "add", "update", "test", "remove"] as const;
type Action = (typeof ACTIONS)[number];

interface Server {
  host?: string;
  port?: number;
  database?: string;
  user?: string;
  tls?: TlsMode;
  password?: string;
}

interface ConnectionRegistry {
  list(): Promise<Connection[]>;
  add(name: string, server: Server): Promise<Connection>;
  update(name: string, server: Server): Promise<Connection>;
  test(name: string): Promise<ConnectionTest>;
  remove(name: string): Promise<Connection>;
}

/** Runs `tributary connections …` and answers the exit code: 1 also for a test that fails. */
export async function administerConnections(argv: string[]): Promise<number> {
  const { action, name, workspace, server, options } = parse(argv);
  return performAt(options, async (connection) =>
    perform(await registryOf(connection, workspace), action, name, server),
  );
}

async function perform(registry: ConnectionRegistry, action: Action, name: string, server: Server): Promise<Outcome> {
  switch (action) {
    case "list": {
      const connections = await registry.list();
      return { json: connections, lines: connections.map(lineOf) };
    }
    case "test": {
      const test = await registry.test(name);
      return { json: test, lines: [test.message, ...test.tables], code: test.ok ? 0 : 1 };
    }
    case "add":
    case "update": {
      const connection = await registry[action](name, server);
      return { json: connection, lines: [lineOf(connection)] };
    }
    case "remove":
      return { json: await registry.remove(name), lines: [`Connection ${name} was removed.`] };
  }
}

const lineOf = ({ name, user, host, port, database, tls, sources }: Connection) =>
  `${name}  ${user}@${host}:${port}/${database}  tls ${tls}  ${sources.length === 0 ? "no sources" : sources.join(", ")}`;

async function registryOf({ call, operator }: RegistryConnection, workspace: string): Promise<ConnectionRegistry> {
  const { CreateConnection, updateConnection } = await import("@/lib/contracts/connections");
  if (call) {
    const path = (name?: string, rest = "") => `/api/v1/connections${name === undefined ? "" : `/${encodeURIComponent(name)}`}${rest}`; // prettier-ignore
    const query = `?workspace=${encodeURIComponent(workspace)}`;
    return {
      list: async () => (await call<{ items: Connection[] }>("GET", path(undefined, query))).items,
      add: (name, server) => call("POST", path(), { workspace, name, ...server }),
      update: (name, server) => call("PATCH", path(name), { workspace, ...server }),
      test: (name) => call("POST", path(name, "/test"), { workspace }),
      remove: (name) => call("DELETE", path(name, query)),
    };
  }
  const registry = await import("@/lib/registry/datasets/connections");
  return {
    list: () => registry.listConnections(operator, workspace),
    add: (name, server) => registry.createConnection(operator, checked(CreateConnection, { workspace, name, ...server })), // prettier-ignore
    update: (name, server) => registry.updateConnection(operator, name, checked(updateConnection.body, { workspace, ...server })), // prettier-ignore
    test: async (name) => {
      const { greetDatabase } = await import("@/lib/engines/inspectors");
      return registry.testConnection(operator, workspace, name, greetDatabase);
    },
    remove: (name) => registry.deleteConnection(operator, workspace, name),
  };
}

/** As a server checks a request. */
function checked<Output>(
  schema: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: Output }
      | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
  },
  value: unknown,
): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new DomainError("invalid", `The connection is not complete. ${said.join("; ")}.`);
}

const OPTIONS = {
  workspace: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  database: { type: "string" },
  user: { type: "string" },
  tls: { type: "string" },
  "password-file": { type: "string" },
  server: { type: "string" },
  token: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

function parse(argv: string[]) {
  const { values, positionals } = parseWords(argv, OPTIONS);
  const [word = "", ...words] = positionals;
  const action = ACTIONS.find((one) => one === word);
  if (!action) throw noSuchAction("connections", word, ACTIONS);
  if (words.length !== (action === "list" ? 0 : 1))
    throw new UsageError(`Expected tributary connections ${action}${action === "list" ? "" : " NAME"}`);
  if (values.workspace === undefined) throw new UsageError("--workspace NAME is missing.");
  const { host, database, user, json, server, token } = values;
  const password = passwordOf(values["password-file"]) ?? (action === "add" ? process.env.PGPASSWORD : undefined);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !Number.isInteger(port))
    throw new UsageError(`--port must be a number, not ${values.port}.`);
  const tls = values.tls === undefined ? undefined : TLS_MODES.find((one) => one === values.tls);
  if (values.tls !== undefined && !tls) throw new UsageError(`--tls must be one of ${TLS_MODES.join(", ")}, not ${values.tls}.`); // prettier-ignore
  const given: Server = {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    ...(user !== undefined && { user }),
    ...(tls !== undefined && { tls }),
    ...(password !== undefined && { password }),
  };
  return { action, name: words[0] ?? "", workspace: values.workspace, server: given, options: { json, server, token } };
}

/** Never on the command line, where every process of the machine sees it: from a file, or from standard input as `-`. */
function passwordOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    throw new UsageError(`--password-file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`); // prettier-ignore
  }
}
