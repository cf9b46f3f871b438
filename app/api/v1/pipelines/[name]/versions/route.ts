import { listPipelineVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listPipelineVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Pipeline", params.name, query),
);
