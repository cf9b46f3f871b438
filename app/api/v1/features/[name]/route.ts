import { getFeature } from "@/lib/contracts/features";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/features/detail";

export const GET = route(getFeature, ({ principal, params, query }) =>
  registry.getFeature(principal, query.workspace, params.name),
);
