import { listAuditEvents } from "@/lib/contracts/audit";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/audit/audit";

export const GET = route(listAuditEvents, ({ principal, query }) => registry.listAuditEvents(principal, query));
