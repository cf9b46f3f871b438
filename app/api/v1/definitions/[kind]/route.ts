import { listDeclared } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/definitions/declared";

export const GET = route(listDeclared, ({ principal, params, query }) =>
  registry.listDeclared(principal, params.kind, query),
);
