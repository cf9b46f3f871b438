import { listFeatureVersions } from "@/lib/contracts/features";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/features/versions";

export const GET = route(listFeatureVersions, ({ principal, params, query }) =>
  registry.listFeatureVersions(principal, params.name, query),
);
