import { createDeployment, listDeployments } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import { createDeployment as create } from "@/lib/registry/deployments/create";
import * as registry from "@/lib/registry/deployments/deployments";

export const GET = route(listDeployments, ({ principal, query }) => registry.listDeployments(principal, query));

export const POST = route(createDeployment, async ({ principal, body }) =>
  registry.getDeployment(principal, body.workspace, await create(principal, body, engine())),
);
