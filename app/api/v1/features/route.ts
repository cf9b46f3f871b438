import { listFeatures } from "@/lib/contracts/features";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/features/features";

export const GET = route(listFeatures, ({ principal, query }) => registry.listFeatures(principal, query));
