import { parseAsString } from "nuqs/server";

/** The filters of the log, as they stand in the URL. */
export const auditParsers = {
  actor: parseAsString,
  action: parseAsString,
  object: parseAsString,
  from: parseAsString,
  to: parseAsString,
};

export interface AuditFilters {
  actor: string | null;
  action: string | null;
  object: string | null;
  from: string | null;
  to: string | null;
}

export const AUDIT_PAGE = 50;

/** The query of the API for the filters that are set. */
export function auditQueryOf(workspace: string, filters: AuditFilters) {
  const set = Object.entries(filters).filter(([, value]) => value !== null && value !== "");
  return { workspace, ...(Object.fromEntries(set) as Partial<Record<keyof AuditFilters, string>>) };
}
