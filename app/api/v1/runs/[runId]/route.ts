import { getRun } from "@/lib/contracts/runs";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/runs/runs";

export const GET = route(getRun, ({ principal, params }) => registry.getRun(principal, params.runId));
