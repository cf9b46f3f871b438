import { getExperiment, updateExperiment } from "@/lib/contracts/experiments";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/experiments";

export const GET = route(getExperiment, ({ principal, params, query }) =>
  registry.getExperiment(principal, { ...query, ...params }),
);

export const PATCH = route(updateExperiment, ({ principal, params, query, body }) =>
  registry.updateExperiment(principal, { ...query, ...params }, body),
);
