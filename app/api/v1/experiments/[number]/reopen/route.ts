import { reopenExperiment } from "@/lib/contracts/experiments";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/experiments";

export const POST = route(reopenExperiment, ({ principal, params, query, body }) =>
  registry.reopenExperiment(principal, { ...query, ...params }, body),
);
