import { getModel } from "@/lib/contracts/models";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/models";

export const GET = route(getModel, ({ principal, params, query }) =>
  registry.getModel(principal, query.workspace, params.name),
);
