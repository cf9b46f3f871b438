import { getRunOpenLineage } from "@/lib/contracts/openlineage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/runs/openlineage";

export const GET = route(getRunOpenLineage, ({ principal, params }) =>
  registry.getRunOpenLineage(principal, params.runId),
);
