import { getLineage } from "@/lib/contracts/lineage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/lineage";

export const GET = route(getLineage, ({ principal, query }) => registry.getLineage(principal, query));
