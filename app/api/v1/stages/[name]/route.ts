import { getStage } from "@/lib/contracts/stages";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/stages/stages";

export const GET = route(getStage, ({ principal, params, query }) =>
  registry.getStage(principal, query.workspace, params.name),
);
