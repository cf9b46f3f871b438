import { getReproduction } from "@/lib/contracts/reproductions";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/reproductions/reproductions";

export const GET = route(getReproduction, ({ principal, params }) =>
  registry.getReproduction(principal, params.reproductionId),
);
