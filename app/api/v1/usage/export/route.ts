import { exportUsage } from "@/lib/contracts/usage";
import { download } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/models/usage";

export const GET = route(exportUsage, async ({ principal, query }) =>
  download(await registry.exportUsage(principal, query), { name: `${query.workspace}-usage.csv`, type: "text/csv" }),
);
