import { getFeatureRules } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules/feature-rules";

export const GET = route(getFeatureRules, ({ principal, params, query }) =>
  registry.getFeatureRules(principal, query.workspace, params.name),
);
