import { compareModelVersions } from "@/lib/contracts/model-comparison";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/comparison";

export const GET = route(compareModelVersions, ({ principal, params, query }) =>
  registry.compareModelVersions(principal, query.workspace, params.name, query.versions),
);
