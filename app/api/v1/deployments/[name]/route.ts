import { editDeployment, getDeployment } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";
import { editDeployment as edit } from "@/lib/registry/deployments/state";
import * as registry from "@/lib/registry/deployments/deployments";

export const GET = route(getDeployment, ({ principal, params, query }) =>
  registry.getDeployment(principal, query.workspace, params.name),
);

export const PATCH = route(editDeployment, async ({ principal, params, query, body }) => {
  await edit(principal, { workspace: query.workspace, name: params.name }, body);
  return registry.getDeployment(principal, query.workspace, params.name);
});
