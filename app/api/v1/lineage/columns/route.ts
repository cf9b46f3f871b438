import { getColumnLineage } from "@/lib/contracts/lineage-columns";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/columns";

export const GET = route(getColumnLineage, ({ principal, query }) => registry.getColumnLineage(principal, query));
