import { pinVersion, unpinVersion } from "@/lib/contracts/retention";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/retention";

export const PUT = route(pinVersion, ({ principal, params, body }) =>
  registry.pinVersion(principal, { workspace: body.workspace, dataset: params.name, version: params.version }, body.reason),
); // prettier-ignore

export const DELETE = route(unpinVersion, ({ principal, params, query }) =>
  registry.unpinVersion(principal, { workspace: query.workspace, dataset: params.name, version: params.version }),
);
