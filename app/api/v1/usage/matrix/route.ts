import { getLeakageMatrix } from "@/lib/contracts/usage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/usage";

export const GET = route(getLeakageMatrix, ({ principal, query }) =>
  registry.getLeakageMatrix(principal, query.workspace),
);
