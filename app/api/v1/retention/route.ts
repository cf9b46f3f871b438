import { getRetention, setRetention } from "@/lib/contracts/retention";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/retention";

export const GET = route(getRetention, ({ principal, query }) => registry.getRetention(principal, query));

export const PUT = route(setRetention, ({ principal, body }) =>
  registry.setRetention(principal, body.workspace, body.days),
);
