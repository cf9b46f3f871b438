import { renewInvitation } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/invitations";

export const POST = route(renewInvitation, ({ principal, params }) =>
  registry.renewInvitation(principal, params.invitationId),
);
