import { listSources } from "@/lib/contracts/sources";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/sources";

export const GET = route(listSources, ({ principal, query }) => registry.listSources(principal, query));
