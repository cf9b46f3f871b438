import { planSpecs } from "@/lib/contracts/specs";
import { specProbes } from "@/lib/engines/spec-probes";
import { route } from "@/lib/http/route";
import { yamlAsJson } from "@/lib/http/yaml-body";
import * as registry from "@/lib/registry/specs/specs";

const handle = route(planSpecs, ({ principal, body }) => registry.planSpecs(principal, body, specProbes));

export const POST: typeof handle = async (request, context) => handle(await yamlAsJson(request), context);
