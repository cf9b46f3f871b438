import { cancelBackfill } from "@/lib/contracts/backfills";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/deployments/backfills";

export const POST = route(cancelBackfill, async ({ principal, params, query }) => {
  const address = { workspace: query.workspace, ...params };
  await registry.cancelBackfill(principal, address);
  return registry.getBackfill(principal, address);
});
