import { getViewOverview } from "@/lib/contracts/overviews";
import { route } from "@/lib/http/route";
import { inEarlierWords } from "@/lib/registry/overviews/comparison-groups";
import * as registry from "@/lib/registry/overviews/view";

export const GET = route(getViewOverview, ({ principal, params, query }) =>
  inEarlierWords(query, (asked) => registry.getViewOverview(principal, params.name, asked)),
);
