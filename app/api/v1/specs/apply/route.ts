import { applySpecs } from "@/lib/contracts/specs";
import { specProbes } from "@/lib/engines/spec-probes";
import { readYamlOrJson } from "@/lib/http/read-body";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/specs/specs";

export const POST = route(
  applySpecs,
  ({ principal, body }) => registry.applySpecs(principal, body, specProbes),
  readYamlOrJson,
);
