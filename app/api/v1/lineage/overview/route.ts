import { getLineageOverview } from "@/lib/contracts/lineage-overview";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/overview";

export const GET = route(getLineageOverview, ({ principal, query }) => registry.getOverview(principal, query));
