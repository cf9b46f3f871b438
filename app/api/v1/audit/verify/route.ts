import { verifyAudit } from "@/lib/contracts/audit";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/audit/audit";

export const GET = route(verifyAudit, ({ principal, query }) => registry.verifyAudit(principal, query.workspace));
