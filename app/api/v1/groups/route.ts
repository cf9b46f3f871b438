import { createGroup, listGroups } from "@/lib/contracts/groups";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/groups";

export const GET = route(listGroups, async ({ principal, query }) => {
  const items = await registry.listGroups(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});

export const POST = route(createGroup, ({ principal, body }) => registry.createGroup(principal, body));
