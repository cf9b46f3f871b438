import { listRunReproductions, reproduceRun } from "@/lib/contracts/reproductions";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/reproductions/reproductions";

export const GET = route(listRunReproductions, ({ principal, params, query }) =>
  registry.listRunReproductions(principal, { ...query, ...params }),
);

export const POST = route(reproduceRun, ({ principal, params }) => registry.reproduceRun(principal, params.runId));
