import { checkDatasetRules } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules/rules";

export const POST = route(checkDatasetRules, async ({ principal, params, body }) => {
  await registry.requestRuleCheck(principal, body.workspace, params.name);
  return { queued: true as const };
});
