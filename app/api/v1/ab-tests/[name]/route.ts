import { getAbTest } from "@/lib/contracts/ab-tests";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/ab-tests";

export const GET = route(getAbTest, ({ principal, params, query }) =>
  registry.getAbTest(principal, { ...query, ...params }),
);
