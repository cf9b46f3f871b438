import { compareRuns } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import { compareWithRun } from "@/lib/registry/runs/difference";

export const GET = route(compareRuns, ({ principal, params, query }) =>
  compareWithRun(principal, params.runId, query.with),
);
