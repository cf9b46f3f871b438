import { listLineageLeaks } from "@/lib/contracts/lineage-paths";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/leaks";

export const GET = route(listLineageLeaks, ({ principal, query }) => registry.listLeaks(principal, query));
