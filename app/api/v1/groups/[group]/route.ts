import { deleteGroup, updateGroup } from "@/lib/contracts/groups";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/groups";

export const PATCH = route(updateGroup, ({ principal, params, query, body }) =>
  registry.updateGroup(principal, { ...params, ...query }, body),
);

export const DELETE = route(deleteGroup, ({ principal, params, query }) =>
  registry.deleteGroup(principal, { ...params, ...query }),
);
