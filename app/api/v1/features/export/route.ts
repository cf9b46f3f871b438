import { exportFeatures } from "@/lib/contracts/features";
import { download } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/features/export";

export const GET = route(exportFeatures, async ({ principal, query }) =>
  download(await registry.exportFeatures(principal, query), {
    name: `${query.workspace}-features.${query.format}`,
    type: query.format === "csv" ? "text/csv" : "application/json",
  }),
);
