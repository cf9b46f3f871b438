import { getPipeline } from "@/lib/contracts/pipelines";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/plans/pipelines";

export const GET = route(getPipeline, ({ principal, params, query }) =>
  registry.getPipeline(principal, query.workspace, params.name),
);
