import type { Environment } from "./environments";
import type { Role } from "./roles";

/** Who acts: a signed-in person, an API token, or the product itself (schedules, retries). */
export interface Actor {
  id: string;
  name: string;
  kind: "user" | "token" | "system";
  roles: readonly Role[];
  /** Set when a token works in one environment only. */
  environment?: Environment;
  /** The person a token was issued to. Whoever wrote a change must not approve it with their own token. */
  ownerId?: string;
}
