import { acceptInvitation } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/invitations";

export const POST = route(acceptInvitation, ({ principal, body }) =>
  registry.acceptInvitation(principal.requestId, body),
);
