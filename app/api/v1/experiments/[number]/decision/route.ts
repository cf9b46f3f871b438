import { decideExperiment } from "@/lib/contracts/experiments";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/experiments";

export const POST = route(decideExperiment, ({ principal, params, query, body }) =>
  registry.decideExperiment(principal, { ...query, ...params }, body),
);
