export const ROLES = ["viewer", "author", "steward", "auditor", "admin"] as const;

/** What somebody is in a workspace; lib/domain/permissions.ts says what that allows. */
export type Role = (typeof ROLES)[number];
