import type { Actor } from "../actor";
import { PERMISSIONS, can } from "../permissions";
import type { Role } from "../roles";

export interface DecisionQuestion {
  actor: Actor;
  authorId: string;
  /** Ids of whoever wrote part of the current revision. */
  revisionEditors: readonly string[];
  /** Roles whose approval the policy counts; empty when anybody's counts who may approve. */
  roles: readonly Role[];
  /** Ids of whoever overrode a check of this request. */
  checkOverriders?: readonly string[];
}

export interface DecisionAnswer {
  allowed: boolean;
  /** A sentence, also when it is allowed. */
  reason: string;
}

/**
 * Whether the actor may approve the current revision. Only people approve, never a token, whoever it was issued to; and nobody
 * approves their own work: not the author, an editor of the revision or whoever overrode a check, whatever their roles.
 */
export function canDecide({
  actor,
  authorId,
  revisionEditors,
  roles,
  checkOverriders = [],
}: DecisionQuestion): DecisionAnswer {
  const selves = [actor.id, ...(actor.ownerId === undefined ? [] : [actor.ownerId])];
  const isOneOf = (ids: readonly string[]) => selves.some((id) => ids.includes(id));
  const refuse = (reason: string): DecisionAnswer => ({ allowed: false, reason });

  if (actor.kind === "token")
    return refuse(
      `An approval is a person's decision: ${actor.name} can apply what people have approved, and approves nothing itself.`,
    );
  if (isOneOf([authorId])) return refuse(`${actor.name} wrote this change, so somebody else must approve it.`);
  if (isOneOf(revisionEditors)) {
    return refuse(`${actor.name} edited this revision, so somebody else must approve it.`);
  }
  if (isOneOf(checkOverriders)) {
    return refuse(`${actor.name} overrode a check of this change, so somebody else must approve it.`);
  }
  if (actor.kind === "system") return refuse("An approval is a person's decision, not the system's.");
  if (!can(actor.roles, "change:approve")) {
    return refuse(
      `Approving needs one of the roles ${PERMISSIONS["change:approve"].join(", ")}; ${actor.name} has ${list(actor.roles)}.`,
    );
  }
  if (roles.length > 0 && !actor.roles.some((role) => roles.includes(role))) {
    return refuse(`This change needs the approval of ${orOf(roles)}; ${actor.name} has ${list(actor.roles)}.`);
  }
  return { allowed: true, reason: `${actor.name} took no part in this change and may approve it.` };
}

/** "a steward or an admin". */
export function orOf(roles: readonly Role[]): string {
  return roles.map((role) => `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`).join(" or ");
}

function list(roles: readonly Role[]): string {
  return roles.length === 0 ? "no role" : roles.join(", ");
}
