import { redeliver } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/notifications/channel-deliveries";

export const POST = route(redeliver, ({ principal, params, body }) =>
  registry.redeliver(principal, { workspace: body.workspace, ...params }),
);
