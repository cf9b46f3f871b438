import { proposeSourceRules } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules/rules";

export const GET = route(proposeSourceRules, ({ principal, params, query }) =>
  registry.proposeSourceRules(principal, query.workspace, params.name),
);
