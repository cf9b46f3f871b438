import { closeAbTest } from "@/lib/contracts/ab-tests";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/ab-test-close";

export const POST = route(closeAbTest, ({ principal, params, query, body }) =>
  registry.closeAbTest(principal, { ...query, ...params }, body),
);
