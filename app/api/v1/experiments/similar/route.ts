import { findSimilarExperiments } from "@/lib/contracts/experiments";
import { route } from "@/lib/http/route";
import * as search from "@/lib/registry/experiments/search";

export const GET = route(findSimilarExperiments, ({ principal, query }) =>
  search.findSimilarExperiments(principal, query),
);
