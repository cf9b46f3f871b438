import type { Actor } from "./actor";
import type { Environment } from "./environments";
import { DomainError } from "./errors";
import { type Role, ROLES } from "./roles";

const EVERYBODY = ROLES;
const MAKERS = ["author", "steward", "admin"] as const;

/** The roles that have each verb: the one table that server and interface read. */
export const PERMISSIONS = {
  "workspace:read": EVERYBODY,
  "workspace:edit": ["admin"],
  "feature:read": EVERYBODY,
  "personal:read": ["steward", "admin"],
  "spec:plan": EVERYBODY,
  "spec:apply": MAKERS,
  "feature:propose": MAKERS,
  "change:comment": EVERYBODY,
  "change:approve": MAKERS,
  "change:override": ["steward", "admin"],
  "change:apply": MAKERS,
  "change:withdraw": MAKERS,
  "run:start": MAKERS,
  "run:cancel": MAKERS,
  "deployment:edit": MAKERS,
  "monitor:edit": MAKERS,
  "alert:handle": MAKERS,
  "experiment:edit": MAKERS,
  "training:edit": MAKERS,
  "usage:read": EVERYBODY,
  "audit:read": ["auditor", "admin"],
  "audit:verify": ["auditor", "admin"],
  "features:serve": ["viewer", "author", "steward", "admin"],
  "features:push": MAKERS,
  "policy:edit": ["steward", "admin"],
  "channel:manage": ["steward", "admin"],
  "connection:read": MAKERS,
  "connection:manage": ["admin"],
  "token:manage": ["admin"],
  "member:manage": ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Verb = keyof typeof PERMISSIONS;

export const VERBS = Object.keys(PERMISSIONS) as Verb[];

/** Verbs that change nothing: what an archived workspace still allows. */
export const READING: ReadonlySet<Verb> = new Set(
  VERBS.filter((verb) => verb.endsWith(":read") || ["spec:plan", "audit:verify", "features:serve"].includes(verb)),
);

/** Whether any of the roles has the verb. */
export function can(roles: Role | readonly Role[], verb: Verb): boolean {
  const having: readonly Role[] = PERMISSIONS[verb];
  return typeof roles === "string" ? having.includes(roles) : roles.some((role) => having.includes(role));
}

/**
 * Throws `forbidden` unless the actor has the verb and, when an environment is given, may work there: a token made for one
 * environment has its verbs in no other.
 */
export function assertCan(actor: Actor, verb: Verb, environment?: Environment): void {
  if (!can(actor.roles, verb)) {
    const having: readonly Role[] = PERMISSIONS[verb];
    const needed = having.length === 1 ? `the role ${having[0]}` : `one of the roles ${having.join(", ")}`;
    const held = actor.roles.length === 0 ? "no role" : actor.roles.join(", ");
    throw new DomainError("forbidden", `\`${verb}\` needs ${needed}; ${actor.name} has ${held}.`, {
      verb,
      roles: [...having],
    });
  }
  if (environment !== undefined && actor.environment !== undefined && actor.environment !== environment) {
    throw new DomainError(
      "forbidden",
      `\`${verb}\` in ${environment} is not allowed to ${actor.name}, which is limited to ${actor.environment}.`,
      { verb, environment },
    );
  }
}
