import { listSkew } from "@/lib/contracts/skew";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/drift/skew-checks";

export const GET = route(listSkew, async ({ principal, query }) => {
  const items = await registry.listSkew(principal, query);
  return { items, total: items.length, nextCursor: null };
});
