import { userInfo } from "node:os";
import type { SpecFile } from "@/lib/contracts/spec-documents";
import type { SpecPlan } from "@/lib/contracts/specs";
import { environment } from "@/lib/config/environment";
import { DomainError, type ErrorCode } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";

interface Request {
  workspace?: string;
  documents: (SpecFile | Record<string, unknown>)[];
  prune: boolean;
  /** Of an apply: the digest of the plan that was agreed to. */
  expected?: string;
}

/** The registry, wherever it is. */
export interface SpecRegistry {
  /** For people: where the answers come from. */
  place: string;
  /** Address of the portal that people see; null where none is known. */
  portal: string | null;
  plan(request: Request): Promise<SpecPlan>;
  apply(request: Request): Promise<SpecPlan>;
  export(workspace: string): Promise<{ files: SpecFile[] }>;
  close(): Promise<void>;
}

/** Where the registry is: a running server with a caller for its API, or the database itself with the rights of whoever may read its files. */
export type Connection =
  | { place: string; call: Call; open: Open; operator?: undefined; close(): Promise<void> }
  | { place: string; call?: undefined; operator: Principal; close(): Promise<void> };

export type Call = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;
/** An answer that is not read yet, such as a file. */
export type Open = (method: string, path: string, body?: unknown) => Promise<Response>;

/**
 * A running server, because the embedded database belongs to one process. Where nobody names one and none answers, the database
 * itself.
 */
export async function connect(options: { server?: string; token?: string }): Promise<Connection> {
  const named = options.server ?? process.env.TRIBUTARY_URL;
  const server = (named ?? `http://127.0.0.1:${environment().PORT}`).replace(/\/+$/, "");
  if (await answers(server)) return { place: server, ...caller(server, options.token), close: async () => undefined };
  if (named !== undefined)
    throw new DomainError("unavailable", `No Tributary answers at ${server}. Start it, or correct --server.`);
  const { closeDatabase: close, openDatabase } = await import("@/lib/db/client");
  await openDatabase();
  const { DATABASE_URL, TRIBUTARY_DATA } = environment();
  const operator: Principal = {
    id: `operator:${userInfo().username}`,
    name: `${userInfo().username} (command line)`,
    kind: "user",
    bindings: [{ workspaceId: null, role: "admin" }],
    requestId: null,
  };
  return { place: DATABASE_URL ? "the database of DATABASE_URL" : TRIBUTARY_DATA, operator, close };
}

async function answers(server: string): Promise<boolean> {
  try {
    return (await fetch(`${server}/api/health/live`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

function caller(server: string, given: string | undefined): { call: Call; open: Open } {
  const token = given ?? process.env.TRIBUTARY_TOKEN ?? process.env.TRIBUTARY_BOOTSTRAP_TOKEN;
  const open: Open = async (method, path, body) => {
    const response = await fetch(`${server}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const { code = "unavailable", detail = `${server} answered ${response.status}.`, ...context } = problem;
    const hint = response.status === 401 ? " Give a token with --token or TRIBUTARY_TOKEN." : "";
    throw new DomainError(code as ErrorCode, `${String(detail)}${hint}`, context);
  };
  return {
    open,
    call: async <Answer>(method: string, path: string, body?: unknown) =>
      (await (await open(method, path, body)).json()) as Answer,
  };
}

export async function openSpecRegistry(options: { server?: string; token?: string }): Promise<SpecRegistry> {
  const { place, call, operator, close } = await connect(options);
  if (call)
    return {
      place,
      portal: place,
      plan: (request) => call("POST", "/api/v1/specs/plan", request),
      apply: (request) => call("POST", "/api/v1/specs/apply", request),
      export: (workspace) => call("GET", `/api/v1/specs/export?workspace=${encodeURIComponent(workspace)}`),
      close,
    };
  // A database and an engine take a second to load, which no answer of a server needs.
  const registry = await import("@/lib/registry/specs/specs");
  const { specProbes } = await import("@/lib/engines/spec-probes");
  return {
    place,
    portal: environment().NEXTAUTH_URL ?? null,
    plan: (request) => registry.planSpecs(operator, request, specProbes),
    apply: (request) => registry.applySpecs(operator, request, specProbes),
    export: (workspace) => registry.exportSpecs(operator, workspace),
    close,
  };
}
