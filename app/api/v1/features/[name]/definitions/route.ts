import { listFeatureDefinitions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listFeatureDefinitions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Feature", params.name, query),
);
