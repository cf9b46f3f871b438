import { listServiceVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listServiceVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "FeatureService", params.name, query),
);
