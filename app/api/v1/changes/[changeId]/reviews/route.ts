import { reviewChange } from "@/lib/contracts/changes";
import { route } from "@/lib/http/route";
import { changeRefOf } from "@/lib/registry/changes/row";
import * as registry from "@/lib/registry/changes/changes";

export const POST = route(reviewChange, async ({ principal, params, query, body }) =>
  registry.reviewChange(principal, changeRefOf(params.changeId, query.workspace), body),
);
