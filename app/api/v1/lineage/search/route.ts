import { searchLineage } from "@/lib/contracts/lineage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/search";

export const GET = route(searchLineage, ({ principal, query }) => registry.searchNodes(principal, query));
