import { evaluateModelVersion, listVersionEvaluations } from "@/lib/contracts/evaluations";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/evaluations/evaluations";

export const GET = route(listVersionEvaluations, ({ principal, params, query }) =>
  registry.listVersionEvaluations(principal, { ...query, ...params }),
);

export const POST = route(evaluateModelVersion, ({ principal, params, query, body }) =>
  registry.evaluateModelVersion(principal, { workspace: query.workspace, ...params }, body),
);
