import { retryRun } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import { getRun } from "@/lib/registry/runs/runs";
import { retryRun as retry } from "@/lib/registry/deployments/retry-run";

export const POST = route(retryRun, async ({ principal, params }) =>
  getRun(principal, await retry(principal, params.runId, engine())),
);
