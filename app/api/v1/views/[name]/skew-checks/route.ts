import { listSkewChecks, requestSkewCheck } from "@/lib/contracts/skew";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/drift/skew-checks";

export const GET = route(listSkewChecks, ({ principal, params, query }) =>
  registry.listSkewChecks(principal, params.name, query),
);

export const POST = route(requestSkewCheck, ({ principal, params, body }) =>
  registry.requestSkewCheck(principal, params.name, body),
);
