import { assertAttemptAllowed } from "@/lib/auth/attempts";
import { changePassword } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/own-account";

export const PUT = route(changePassword, ({ principal, body }) =>
  // Whoever found an open browser must not guess the password in it.
  assertAttemptAllowed(`password of ${principal.id}`, () => registry.changePassword(principal, body)),
);
