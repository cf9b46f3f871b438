import { listSplitPolicyVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listSplitPolicyVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "SplitPolicy", params.name, query),
);
