import { getBackfill } from "@/lib/contracts/backfills";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/deployments/backfills";

export const GET = route(getBackfill, ({ principal, params, query }) =>
  registry.getBackfill(principal, { workspace: query.workspace, ...params }),
);
