import { exportSpecs } from "@/lib/contracts/specs";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/specs/specs";

export const GET = route(exportSpecs, ({ principal, query }) => registry.exportSpecs(principal, query.workspace));
