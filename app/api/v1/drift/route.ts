import { getDrift } from "@/lib/contracts/drift";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/drift/map";

export const GET = route(getDrift, ({ principal, query }) => registry.getDrift(principal, query));
