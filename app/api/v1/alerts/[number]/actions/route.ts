import { handleAlert } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/alerts";

export const POST = route(handleAlert, ({ principal, params, body }) =>
  registry.handleAlert(principal, params.number, body),
);
