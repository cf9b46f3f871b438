import { listModelDefinitions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listModelDefinitions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Model", params.name, query),
);
