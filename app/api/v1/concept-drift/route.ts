import { getConceptDrift } from "@/lib/contracts/concept-drift";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/concept-drift";

export const GET = route(getConceptDrift, ({ principal, query }) => registry.getConceptDrift(principal, query));
