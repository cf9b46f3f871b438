import { retireDeployment } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";
import { retireDeployment as retire } from "@/lib/registry/deployments/state";
import { getDeployment } from "@/lib/registry/deployments/deployments";

export const POST = route(retireDeployment, async ({ principal, params, query }) => {
  await retire(principal, { workspace: query.workspace, name: params.name });
  return getDeployment(principal, query.workspace, params.name);
});
