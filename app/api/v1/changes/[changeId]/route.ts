import { getChange } from "@/lib/contracts/changes";
import { route } from "@/lib/http/route";
import { changeRefOf } from "@/lib/registry/changes/row";
import * as registry from "@/lib/registry/changes/changes";

export const GET = route(getChange, async ({ principal, params, query }) =>
  registry.getChange(principal, changeRefOf(params.changeId, query.workspace)),
);
