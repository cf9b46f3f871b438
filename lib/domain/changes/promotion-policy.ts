import type { Environment } from "../environments";
import type { ApprovalPolicy } from "./approval-status";

/** Environments whose pointers move by change requests only. */
export const GOVERNED_ENVIRONMENTS = ["staging", "production"] as const satisfies Environment[];
export type GovernedEnvironment = (typeof GOVERNED_ENVIRONMENTS)[number];

/** Who must agree before a pointer moves. The author's own approval never counts. */
export const PROMOTION_POLICIES: Record<GovernedEnvironment, ApprovalPolicy> = {
  staging: { approvals: 1, roles: ["author", "steward", "admin"] },
  production: { approvals: 1, roles: ["author", "steward", "admin"] },
};
