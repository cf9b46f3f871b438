import { testChannel } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/notifications/channel-deliveries";

export const POST = route(testChannel, async ({ principal, params, body }) => {
  const items = await registry.testChannel(principal, body.workspace, params.name);
  return { items, total: items.length, nextCursor: null };
});
