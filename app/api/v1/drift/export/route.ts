import { exportDrift } from "@/lib/contracts/drift";
import { download } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/drift/map";

export const GET = route(exportDrift, async ({ principal, query }) =>
  download(await registry.exportDrift(principal, query), { name: `${query.workspace}-drift.csv`, type: "text/csv" }),
);
