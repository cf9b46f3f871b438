import { deleteChannel, getChannel, updateChannel } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/notifications/channels";

export const GET = route(getChannel, ({ principal, params, query }) =>
  registry.getChannel(principal, query.workspace, params.name),
);

export const PATCH = route(updateChannel, ({ principal, params, body }) =>
  registry.updateChannel(principal, params.name, body),
);

export const DELETE = route(deleteChannel, ({ principal, params, query }) =>
  registry.deleteChannel(principal, query.workspace, params.name),
);
