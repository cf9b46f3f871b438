import { createChannel, listChannels } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/notifications/channels";

export const GET = route(listChannels, async ({ principal, query }) => {
  const items = await registry.listChannels(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});

export const POST = route(createChannel, ({ principal, body }) => registry.createChannel(principal, body));
