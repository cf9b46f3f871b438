import { endOtherSessions, listSessions } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/own-account";

export const GET = route(listSessions, async ({ principal }) => {
  const items = await registry.listSessions(principal);
  return { items, total: items.length, nextCursor: null };
});

export const DELETE = route(endOtherSessions, ({ principal }) => registry.endOtherSessions(principal));
