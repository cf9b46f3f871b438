import { listStages } from "@/lib/contracts/stages";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/stages/stages";

export const GET = route(listStages, ({ principal, query }) => registry.listStages(principal, query));
