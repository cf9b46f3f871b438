import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { USAGE_MODES, USAGE_ROLES } from "@/lib/contracts/usage";

const USAGE_VIEWS = ["ledger", "matrix"] as const;
export type UsageView = (typeof USAGE_VIEWS)[number];

export const viewParser = { view: parseAsStringLiteral(USAGE_VIEWS).withDefault("ledger") };

/** The proof that is open: a model version, and the feature it is about. */
export const proofParsers = { model: parseAsString, about: parseAsString };

export const ledgerParsers = {
  feature: parseAsString,
  consumer: parseAsString,
  role: parseAsStringLiteral(USAGE_ROLES),
  mode: parseAsStringLiteral(USAGE_MODES),
  run: parseAsInteger,
};

export interface LedgerFilters {
  feature: string | null;
  consumer: string | null;
  role: (typeof USAGE_ROLES)[number] | null;
  mode: (typeof USAGE_MODES)[number] | null;
  run: number | null;
}

export const USAGE_PAGE = 100;

/** The query of the API for the filters that are set. */
export function usageQueryOf(workspace: string, { feature, consumer, role, mode, run }: LedgerFilters) {
  return {
    workspace,
    ...(feature && { feature }),
    ...(consumer && { consumer }),
    ...(role && { role }),
    ...(mode && { mode }),
    ...(run !== null && { run }),
  };
}
