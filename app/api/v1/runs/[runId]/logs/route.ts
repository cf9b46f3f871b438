import { listRunLogs } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/runs/runs";

export const GET = route(listRunLogs, ({ principal, params, query }) =>
  registry.listRunLogs(principal, params.runId, query),
);
