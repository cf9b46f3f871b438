import { createExperiment, listExperiments } from "@/lib/contracts/experiments";
import { route } from "@/lib/http/route";
import * as search from "@/lib/registry/experiments/search";
import * as registry from "@/lib/registry/experiments/experiments";

export const GET = route(listExperiments, ({ principal, query }) => search.listExperiments(principal, query));

export const POST = route(createExperiment, ({ principal, body }) => registry.createExperiment(principal, body));
