import { cancelRun } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import { cancelRun as cancel } from "@/lib/registry/cancel-run";
import { getRun } from "@/lib/registry/runs";

export const POST = route(cancelRun, async ({ principal, params }) => {
  await cancel(principal, params.runId);
  return getRun(principal, params.runId);
});
