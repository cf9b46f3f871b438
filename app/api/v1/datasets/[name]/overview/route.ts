import { getDatasetOverview } from "@/lib/contracts/overviews";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/overviews/overview";

export const GET = route(getDatasetOverview, ({ principal, params, query }) =>
  registry.getDatasetOverview(principal, params.name, query),
);
