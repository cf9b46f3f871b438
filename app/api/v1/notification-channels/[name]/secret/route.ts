import { rotateSecret } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/notifications/channels";

export const POST = route(rotateSecret, ({ principal, params, body }) =>
  registry.rotateSecret(principal, body.workspace, params.name),
);
