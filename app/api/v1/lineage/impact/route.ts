import { listLineageImpact } from "@/lib/contracts/lineage-paths";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/impact";

export const GET = route(listLineageImpact, ({ principal, query }) => registry.listImpact(principal, query));
