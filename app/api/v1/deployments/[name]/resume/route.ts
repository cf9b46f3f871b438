import { resumeDeployment } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";
import { resumeDeployment as resume } from "@/lib/registry/deployments/state";
import { getDeployment } from "@/lib/registry/deployments/deployments";

export const POST = route(resumeDeployment, async ({ principal, params, query }) => {
  await resume(principal, { workspace: query.workspace, name: params.name });
  return getDeployment(principal, query.workspace, params.name);
});
