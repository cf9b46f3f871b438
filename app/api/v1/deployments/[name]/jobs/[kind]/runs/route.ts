import { startJob } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import { startJob as start } from "@/lib/registry/deployments/jobs";
import { getRun } from "@/lib/registry/runs/runs";

export const POST = route(startJob, async ({ principal, params, query, body }) =>
  getRun(principal, await start(principal, { workspace: query.workspace, ...params }, body, engine())),
);
