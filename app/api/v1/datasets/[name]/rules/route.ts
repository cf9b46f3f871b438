import { getDatasetRules } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules/rules";

export const GET = route(getDatasetRules, ({ principal, params, query }) =>
  registry.getDatasetRules(principal, query.workspace, params.name),
);
