import { endSession } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/own-account";

export const DELETE = route(endSession, ({ principal, params }) => registry.endOwnSession(principal, params.sessionId));
