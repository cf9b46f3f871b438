import { listMonitorVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listMonitorVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Monitor", params.name, query),
);
