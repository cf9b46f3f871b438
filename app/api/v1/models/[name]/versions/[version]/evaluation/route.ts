import { getModelEvaluation } from "@/lib/contracts/models";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/evaluation";

export const GET = route(getModelEvaluation, ({ principal, params, query }) =>
  registry.getModelEvaluation(principal, query.workspace, params),
);
