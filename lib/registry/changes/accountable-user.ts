import type { Actor } from "@/lib/domain/actor";

/** Who answers for what an actor does: a token acts for the person it was issued to. */
export function accountableUser(actor: Actor): { id: string; name: string } {
  return { id: actor.ownerId ?? actor.id, name: actor.name };
}
