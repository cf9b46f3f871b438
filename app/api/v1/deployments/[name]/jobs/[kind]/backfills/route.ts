import { createBackfill } from "@/lib/contracts/backfills";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import { createBackfill as create } from "@/lib/registry/deployments/backfill-create";
import { getBackfill } from "@/lib/registry/deployments/backfills";

export const POST = route(createBackfill, async ({ principal, params: { name, kind }, query: { workspace }, body }) => {
  const backfillId = await create(principal, { workspace, name, kind }, body, engine());
  return getBackfill(principal, { workspace, name, backfillId });
});
