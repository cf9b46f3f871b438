import { proposeFeatureRules } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules/feature-rules";

export const GET = route(proposeFeatureRules, ({ principal, params, query }) =>
  registry.proposeFeatureRules(principal, query.workspace, params.name),
);
