import { listInvitations } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/invitations";

export const GET = route(listInvitations, async ({ principal, query }) => {
  const items = await registry.listInvitations(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});
