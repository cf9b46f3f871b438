import { listChanges, openChange } from "@/lib/contracts/changes";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/changes/changes";

export const GET = route(listChanges, ({ principal, query }) => registry.listChanges(principal, query));

export const POST = route(openChange, ({ principal, body }) => registry.openChange(principal, body));
