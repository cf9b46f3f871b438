import { rebaseChange } from "@/lib/contracts/changes";
import { route } from "@/lib/http/route";
import { changeRefOf } from "@/lib/registry/changes/row";
import * as registry from "@/lib/registry/changes/changes";

export const POST = route(rebaseChange, async ({ principal, params, query }) =>
  registry.rebaseChange(principal, changeRefOf(params.changeId, query.workspace)),
);
