import { getDatasetOverview } from "@/lib/contracts/overviews";
import { route } from "@/lib/http/route";
import { inEarlierWords } from "@/lib/registry/overviews/comparison-groups";
import * as registry from "@/lib/registry/overviews/overview";

export const GET = route(getDatasetOverview, ({ principal, params, query }) =>
  inEarlierWords(query, (asked) => registry.getDatasetOverview(principal, params.name, asked)),
);
