import { cancelRun } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import { cancelRun as cancel } from "@/lib/registry/runs/cancel";
import { getRun } from "@/lib/registry/runs/runs";

export const POST = route(cancelRun, async ({ principal, params }) => {
  await cancel(principal, params.runId);
  return getRun(principal, params.runId);
});
