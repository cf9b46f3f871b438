import { listModels } from "@/lib/contracts/models";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/models";

export const GET = route(listModels, ({ principal, query }) => registry.listModels(principal, query.workspace, query));
