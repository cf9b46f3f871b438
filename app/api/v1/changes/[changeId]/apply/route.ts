import { applyChange } from "@/lib/contracts/changes";
import { route } from "@/lib/http/route";
import { changeRefOf } from "@/lib/registry/changes/row";
import * as registry from "@/lib/registry/changes/changes";

export const POST = route(applyChange, async ({ principal, params, query }) =>
  registry.applyChange(principal, changeRefOf(params.changeId, query.workspace)),
);
