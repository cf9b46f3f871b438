import { getLeakageProof } from "@/lib/contracts/leakage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/leakage";

export const GET = route(getLeakageProof, ({ principal, params, query }) =>
  registry.getLeakageProof(principal, params.modelVersionId, query.feature),
);
