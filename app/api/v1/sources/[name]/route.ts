import { getSource } from "@/lib/contracts/sources";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/sources";

export const GET = route(getSource, ({ principal, params, query }) =>
  registry.getSource(principal, query.workspace, params.name),
);
