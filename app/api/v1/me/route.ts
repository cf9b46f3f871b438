import { getMe } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/people";

export const GET = route(getMe, ({ principal }) => registry.getMe(principal));
