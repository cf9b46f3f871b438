import type { Actor } from "./actor";
import type { Environment } from "./environments";
import type { Role } from "./roles";

/** Somebody who is signed in, before it is known in which workspace they act. */
export interface Principal {
  id: string;
  name: string;
  kind: Actor["kind"];
  environment?: Environment;
  ownerId?: string;
  /** The session in which a person makes the request. */
  sessionId?: string;
  /** Roles by workspace id; a null workspace binds everywhere. */
  bindings: readonly { workspaceId: string | null; role: Role }[];
  /** The request that they make, for the audit log. */
  requestId: string | null;
}

/** Where a role holds: in one workspace, or in every workspace of the installation, those to come included. */
type GrantScope = "workspace" | "installation";

/** A stored grant as a principal's binding. Nothing is bound everywhere unless its scope says so. */
export function toBinding(grant: {
  scope: string;
  workspaceId: string | null;
  role: string;
}): Principal["bindings"][number] {
  const everywhere = (grant.scope as GrantScope) === "installation";
  return { workspaceId: everywhere ? null : (grant.workspaceId ?? ""), role: grant.role as Role };
}

/** The product itself: schedules, retries, the first start. */
export const SYSTEM: Principal = {
  id: "system",
  name: "Tributary",
  kind: "system",
  bindings: [{ workspaceId: null, role: "admin" }],
  requestId: null,
};

/** The product itself as an actor of any workspace. */
export const SYSTEM_ACTOR: Actor = { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] };

/** The principal as an actor of one workspace: their roles there and everywhere. */
export function actorIn(principal: Principal, workspaceId: string): Actor {
  const { id, name, kind, environment, ownerId, bindings } = principal;
  const roles = bindings
    .filter((binding) => binding.workspaceId === null || binding.workspaceId === workspaceId)
    .map((binding) => binding.role);
  return {
    id,
    name,
    kind,
    roles: [...new Set(roles)],
    ...(environment && { environment }),
    ...(ownerId && { ownerId }),
  };
}

/** The product where it passes on what somebody did in MLflow, which does not say who. */
export const MLFLOW_ACTOR: Actor = { id: "system:mlflow", name: "MLflow", kind: "system", roles: ["admin"] };
