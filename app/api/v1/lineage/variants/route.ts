import { listLineageVariants } from "@/lib/contracts/lineage-overview";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/variants";

export const GET = route(listLineageVariants, ({ principal, query }) => registry.listVariants(principal, query));
