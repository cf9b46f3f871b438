import { listLineageTimes } from "@/lib/contracts/lineage-history";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/times";

export const GET = route(listLineageTimes, ({ principal, query }) => registry.listTimes(principal, query));
