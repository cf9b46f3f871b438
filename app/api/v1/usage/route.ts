import { listUsage } from "@/lib/contracts/usage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/usage";

export const GET = route(listUsage, ({ principal, query }) => registry.listUsage(principal, query));
