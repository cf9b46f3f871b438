import { revokeToken } from "@/lib/contracts/tokens";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/tokens";

export const DELETE = route(revokeToken, ({ principal, params }) => registry.revokeToken(principal, params.tokenId));
