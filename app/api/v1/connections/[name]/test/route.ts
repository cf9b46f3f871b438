import { testConnection } from "@/lib/contracts/connections";
import { greetDatabase } from "@/lib/engines/inspectors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/connections";

export const POST = route(testConnection, ({ principal, params, body }) =>
  registry.testConnection(principal, body.workspace, params.name, greetDatabase),
);
