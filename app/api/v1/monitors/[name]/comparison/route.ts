import { compareMonitored } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/comparison";

export const GET = route(compareMonitored, ({ principal, params, query }) =>
  registry.compareMonitored(principal, params.name, query),
);
