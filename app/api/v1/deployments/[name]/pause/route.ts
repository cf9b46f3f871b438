import { pauseDeployment } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";
import { pauseDeployment as pause } from "@/lib/registry/deployments/state";
import { getDeployment } from "@/lib/registry/deployments/deployments";

export const POST = route(pauseDeployment, async ({ principal, params, query }) => {
  await pause(principal, { workspace: query.workspace, name: params.name });
  return getDeployment(principal, query.workspace, params.name);
});
