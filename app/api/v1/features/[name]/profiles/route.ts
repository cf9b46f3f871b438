import { getFeatureProfiles } from "@/lib/contracts/features";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/profiles/profiles";

export const GET = route(getFeatureProfiles, ({ principal, params, query }) =>
  registry.getFeatureProfiles(principal, params.name, query),
);
