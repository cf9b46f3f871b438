import { exportLineageImpact } from "@/lib/contracts/lineage-paths";
import { download } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/impact";

export const GET = route(exportLineageImpact, async ({ principal, query }) =>
  download(await registry.exportImpact(principal, query), {
    name: `${query.workspace}-${query.side === "up" ? "upstream" : "downstream"}-of-${query.node.replace(/[^a-z0-9_.]+/g, "-")}.csv`,
    type: "text/csv",
  }),
);
