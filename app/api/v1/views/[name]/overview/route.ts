import { getViewOverview } from "@/lib/contracts/overviews";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/overviews/view";

export const GET = route(getViewOverview, ({ principal, params, query }) =>
  registry.getViewOverview(principal, params.name, query),
);
