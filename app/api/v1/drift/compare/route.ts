import { compareDrift } from "@/lib/contracts/drift";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/drift/window";

export const GET = route(compareDrift, ({ principal, query }) => registry.compareDrift(principal, query));
