import { resetBaseline } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/baseline";

export const POST = route(resetBaseline, ({ principal, params, body }) =>
  registry.resetBaseline(principal, params.name, body),
);
