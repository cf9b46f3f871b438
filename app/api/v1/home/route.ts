import { getHome } from "@/lib/contracts/home";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/home/home";

export const GET = route(getHome, ({ principal, query }) => registry.getHome(principal, query.workspace));
