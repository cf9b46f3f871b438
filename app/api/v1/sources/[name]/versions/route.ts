import { listSourceVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listSourceVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Source", params.name, query),
);
