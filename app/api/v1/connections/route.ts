import { createConnection, listConnections } from "@/lib/contracts/connections";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/connections";

export const GET = route(listConnections, async ({ principal, query }) => {
  const items = await registry.listConnections(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});

export const POST = route(createConnection, ({ principal, body }) => registry.createConnection(principal, body));
