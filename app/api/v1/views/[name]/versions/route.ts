import { listViewVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listViewVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "FeatureView", params.name, query),
);
