import { getDeclared } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/definitions/declared";

export const GET = route(getDeclared, ({ principal, params, query }) =>
  registry.getDeclared(principal, params.kind, params.name, query.workspace),
);
