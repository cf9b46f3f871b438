import { listRuns, startRun } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import * as registry from "@/lib/registry/runs/runs";
import { startRun as start } from "@/lib/registry/runs/start";

export const GET = route(listRuns, ({ principal, query }) => registry.listRuns(principal, query));

export const POST = route(startRun, async ({ principal, body }) =>
  registry.getRun(principal, await start(principal, body, engine())),
);
