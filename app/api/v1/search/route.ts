import { search } from "@/lib/contracts/search";
import { route } from "@/lib/http/route";
import { searchEverything } from "@/lib/registry/home/search";

export const GET = route(search, ({ principal, query }) => searchEverything(principal, query));
