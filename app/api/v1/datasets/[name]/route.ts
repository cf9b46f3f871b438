import { getDataset } from "@/lib/contracts/datasets";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/datasets";

export const GET = route(getDataset, ({ principal, params, query }) =>
  registry.getDataset(principal, query.workspace, params.name),
);
