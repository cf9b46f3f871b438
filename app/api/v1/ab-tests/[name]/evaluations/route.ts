import { evaluateAbTest } from "@/lib/contracts/ab-tests";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/ab-test-evaluation";

export const POST = route(evaluateAbTest, ({ principal, params, query }) =>
  registry.requestEvaluation(principal, { ...query, ...params }),
);
