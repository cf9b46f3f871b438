import { testStage } from "@/lib/contracts/stage-tests";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import * as jobs from "@/lib/jobs/test-stage";

export const POST = route(testStage, ({ principal, params, body }) =>
  jobs.testStage(principal, body.workspace, params.name, engine()),
);
