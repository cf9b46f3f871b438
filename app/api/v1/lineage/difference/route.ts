import { diffLineage } from "@/lib/contracts/lineage-history";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/difference";

export const GET = route(diffLineage, ({ principal, query }) => registry.diffLineage(principal, query));
