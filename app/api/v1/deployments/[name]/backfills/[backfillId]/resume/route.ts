import { resumeBackfill } from "@/lib/contracts/backfills";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/deployments/backfills";

export const POST = route(resumeBackfill, async ({ principal, params, query }) => {
  const address = { workspace: query.workspace, ...params };
  await registry.resumeBackfill(principal, address);
  return registry.getBackfill(principal, address);
});
