import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import type { SpecFile } from "@/lib/contracts/spec-documents";
import type { SpecPlan } from "@/lib/contracts/specs";
import { environment } from "@/lib/config/environment";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { DomainError, type ErrorCode } from "@/lib/domain/errors";
import { bindStatements } from "@/lib/engines/bind-statements";
import { engine } from "@/lib/engines/current-engine";
import type { Principal } from "@/lib/domain/principal";
import * as registry from "@/lib/registry/specs/specs";

interface Request {
  workspace?: string;
  documents: SpecFile[];
  prune: boolean;
}

/** The registry, wherever it is. */
export interface SpecRegistry {
  /** For people: where the answers come from. */
  place: string;
  plan(request: Request): Promise<SpecPlan>;
  apply(request: Request): Promise<SpecPlan>;
  export(workspace: string): Promise<{ files: SpecFile[] }>;
  close(): Promise<void>;
}

/**
 * A running server, because the embedded database belongs to one process. Where nobody names one and none answers, the database
 * itself, with the rights of whoever may read its files.
 */
export async function openSpecRegistry(options: { server?: string; token?: string }): Promise<SpecRegistry> {
  const named = options.server ?? process.env.TRIBUTARY_URL;
  const server = (named ?? `http://127.0.0.1:${environment().PORT}`).replace(/\/+$/, "");
  if (await answers(server)) return remoteRegistry(server, options.token);
  if (named !== undefined)
    throw new DomainError("unavailable", `No Tributary answers at ${server}. Start it, or correct --server.`);
  return localRegistry();
}

async function answers(server: string): Promise<boolean> {
  try {
    return (await fetch(`${server}/api/health/live`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

function remoteRegistry(server: string, given: string | undefined): SpecRegistry {
  const token = given ?? process.env.TRIBUTARY_TOKEN ?? process.env.TRIBUTARY_BOOTSTRAP_TOKEN;
  async function call<Answer>(path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${server}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as Answer;
    const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const { code = "unavailable", detail = `${server} answered ${response.status}.`, ...context } = problem;
    const hint = response.status === 401 ? " Give a token with --token or TRIBUTARY_TOKEN." : "";
    throw new DomainError(code as ErrorCode, `${String(detail)}${hint}`, context);
  }
  return {
    place: server,
    plan: (request) => call("/api/v1/specs/plan", request),
    apply: (request) => call("/api/v1/specs/apply", request),
    export: (workspace) => call(`/api/v1/specs/export?workspace=${encodeURIComponent(workspace)}`),
    close: async () => undefined,
  };
}

async function localRegistry(): Promise<SpecRegistry> {
  const operator: Principal = {
    id: `operator:${userInfo().username}`,
    name: `${userInfo().username} (command line)`,
    kind: "user",
    bindings: [{ workspaceId: null, role: "admin" }],
    requestId: null,
  };
  await openInInstallation();
  const { DATABASE_URL, TRIBUTARY_DATA } = environment();
  return {
    place: DATABASE_URL ? "the database of DATABASE_URL" : TRIBUTARY_DATA,
    plan: (request) => registry.planSpecs(operator, request, (source) => engine().describe(source), bindStatements),
    apply: (request) => registry.applySpecs(operator, request, (source) => engine().describe(source), bindStatements),
    export: (workspace) => registry.exportSpecs(operator, workspace),
    close: closeDatabase,
  };
}

/** Migrations lie in the installation, which is not where the caller stands. */
async function openInInstallation(): Promise<void> {
  const here = process.cwd();
  process.chdir(fileURLToPath(new URL("../../", import.meta.url)));
  try {
    await openDatabase();
  } finally {
    process.chdir(here);
  }
}
