import { exportSuite, importSuite } from "@/lib/contracts/rules";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/rules/rules";

export const GET = route(exportSuite, ({ principal, params, query }) =>
  registry.exportSuite(principal, query.workspace, params.name),
);

export const POST = route(importSuite, ({ principal, params, body }) =>
  registry.importSuite(principal, { ...body, name: params.name }),
);
