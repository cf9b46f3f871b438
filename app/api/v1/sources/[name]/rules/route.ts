import { getSourceRules } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules";

export const GET = route(getSourceRules, ({ principal, params, query }) =>
  registry.getSourceRules(principal, query.workspace, params.name),
);
