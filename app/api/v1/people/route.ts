import { invitePerson, listPeople } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as invitations from "@/lib/registry/access/invitations";
import * as registry from "@/lib/registry/access/people";

export const GET = route(listPeople, async ({ principal, query }) => {
  const items = await registry.listPeople(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});

export const POST = route(invitePerson, ({ principal, body }) => invitations.invitePerson(principal, body));
