import { listEntityVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listEntityVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Entity", params.name, query),
);
