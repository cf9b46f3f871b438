import { listDatasets } from "@/lib/contracts/datasets";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/datasets";

export const GET = route(listDatasets, ({ principal, query }) => registry.listDatasets(principal, query));
