import { startBacktest } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/backtests";

export const POST = route(startBacktest, ({ principal, params, body }) =>
  registry.startBacktest(principal, params.name, body),
);
