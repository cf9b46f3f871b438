import { deleteConnection, getConnection, updateConnection } from "@/lib/contracts/connections";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/connections";

export const GET = route(getConnection, ({ principal, params, query }) =>
  registry.getConnection(principal, query.workspace, params.name),
);

export const PATCH = route(updateConnection, ({ principal, params, body }) =>
  registry.updateConnection(principal, params.name, body),
);

export const DELETE = route(deleteConnection, ({ principal, params, query }) =>
  registry.deleteConnection(principal, query.workspace, params.name),
);
