import { withdrawInvitation } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/invitations";

export const DELETE = route(withdrawInvitation, ({ principal, params }) =>
  registry.withdrawInvitation(principal, params.invitationId),
);
