import { listStageVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listStageVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Stage", params.name, query),
);
