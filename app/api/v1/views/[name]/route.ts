import { getView } from "@/lib/contracts/views";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/serving/views";

export const GET = route(getView, ({ principal, params, query }) =>
  registry.getView(principal, query.workspace, params.name),
);
