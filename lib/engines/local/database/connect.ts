/** Connections to the databases of users: where they may go, and what is said when they do not come about. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import pg from "pg";
import { isPrivateAddress } from "@/lib/config/private-address";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import { DomainError } from "@/lib/domain/errors";
import { connectionError } from "./database-errors";

const CONNECT_MS = 10_000;
/** Milliseconds between looks of the server at who reads its answer. */
const CHECK_MS = 2000;
/** Milliseconds without traffic after which the operating system asks whether the server is still there. */
const KEEP_ALIVE_MS = 10_000;

export interface ConnectOptions {
  /** Whether private addresses may be called. */
  privateAddresses: boolean;
  /** Milliseconds that one statement may take; the server ends it then. */
  statementMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Works in one transaction that can only read, and sees the database as of one moment. Nothing is left open. Throws a DomainError that says in
 * words what keeps the connection from coming about, or broke it; it never holds the password.
 */
export async function withDatabase<Answer>(
  access: DatabaseAccess,
  options: ConnectOptions,
  work: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  let client: pg.Client | undefined;
  const abort = () => void client?.end().catch(() => undefined);
  try {
    client = await connect(access, options.privateAddresses);
    options.signal?.addEventListener("abort", abort, { once: true });
    for (const statement of openingStatements(options.statementMs)) await client.query(statement);
    await watchConnection(client);
    return await work(client);
  } catch (error) {
    if (options.signal?.aborted) throw new DomainError("canceled", "The run was canceled.");
    throw connectionError(error, access);
  } finally {
    options.signal?.removeEventListener("abort", abort);
    // The transaction ends with its connection.
    await client?.end().catch(() => undefined);
  }
}

/**
 * In the transaction rather than at the start of the session, because a pooler between knows only transactions. Values become text that means
 * the same on every server; a float has all its digits.
 */
function openingStatements(statementMs: number): string[] {
  return [
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL extra_float_digits = 1",
    `SET LOCAL statement_timeout = ${Math.min(Math.round(statementMs), 2 ** 31 - 1)}`,
  ];
}

/** Lets the server end a statement whose reader is gone: an aborted or killed one cannot ask for it. Servers before 14 do not know how. */
async function watchConnection(client: pg.Client): Promise<void> {
  await client.query("SAVEPOINT watched");
  await client
    .query(`SET LOCAL client_connection_check_interval = ${CHECK_MS}`)
    .catch(() => client.query("ROLLBACK TO watched"));
}

/** Connects to the first of the host's addresses that answers. */
async function connect(access: DatabaseAccess, privateAddresses: boolean): Promise<pg.Client> {
  let refusal: unknown;
  for (const address of await addressesOf(access, privateAddresses)) {
    const client = new pg.Client(configOf(access, address));
    // Without a listener, a connection that breaks while no query runs would end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      refusal = error;
      await client.end().catch(() => undefined);
      // Only of an address where nobody listens may another one know more.
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
    }
  }
  throw refusal;
}

/**
 * Judged here and connected to, so that a name which resolves differently the second time gains nothing. A name with one private address
 * is private.
 */
async function addressesOf({ connection, host }: DatabaseAccess, privateAddresses: boolean): Promise<string[]> {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(bare) ? [bare] : (await lookup(bare, { all: true })).map(({ address }) => address);
  const hidden = addresses.find(isPrivateAddress);
  if (hidden !== undefined && !privateAddresses)
    throw new DomainError(
      "invalid",
      `Connection ${connection} goes to ${hidden === bare ? host : `${host} (${hidden})`}, an address of this machine or its network, which connections may not reach. Whoever runs the server can allow it with TRIBUTARY_PRIVATE_DATABASES=1.`,
    );
  return addresses;
}

function configOf(access: DatabaseAccess, address: string): pg.ClientConfig {
  const isName = isIP(access.host) === 0;
  return {
    host: address,
    port: access.port,
    database: access.database,
    user: access.user,
    // Undefined would be looked for in the environment and in ~/.pgpass.
    password: access.password ?? "",
    ssl:
      access.tls === "disable"
        ? false
        : { rejectUnauthorized: access.tls === "verify-full", ...(isName && { servername: access.host }) },
    application_name: "tributary",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    client_encoding: "UTF8",
  };
}
