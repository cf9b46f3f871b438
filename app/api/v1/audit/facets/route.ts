import { getAuditFacets } from "@/lib/contracts/audit";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/audit/audit";

export const GET = route(getAuditFacets, ({ principal, query }) => registry.getAuditFacets(principal, query.workspace));
