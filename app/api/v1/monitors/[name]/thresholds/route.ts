import { saveThresholds } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/trial";

export const PUT = route(saveThresholds, ({ principal, params, body }) =>
  registry.saveThresholds(principal, params.name, body),
);
