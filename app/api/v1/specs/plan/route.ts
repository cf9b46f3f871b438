import { planSpecs } from "@/lib/contracts/specs";
import { specProbes } from "@/lib/engines/spec-probes";
import { readYamlOrJson } from "@/lib/http/read-body";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/specs/specs";

export const POST = route(
  planSpecs,
  ({ principal, body }) => registry.planSpecs(principal, body, specProbes),
  readYamlOrJson,
);
