import { applySpecs } from "@/lib/contracts/specs";
import { bindStatements } from "@/lib/engines/bind-statements";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import { yamlAsJson } from "@/lib/http/yaml-body";
import * as registry from "@/lib/registry/specs/specs";

const handle = route(applySpecs, ({ principal, body }) =>
  registry.applySpecs(principal, body, (source) => engine().describe(source), bindStatements),
);

export const POST: typeof handle = async (request, context) => handle(await yamlAsJson(request), context);
