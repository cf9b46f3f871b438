import { exportExperiments } from "@/lib/contracts/experiments";
import { download } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import * as search from "@/lib/registry/experiments/search";

export const GET = route(exportExperiments, async ({ principal, query }) =>
  download(await search.exportExperiments(principal, query), {
    name: `${query.workspace}-experiments.${query.format}`,
    type: query.format === "csv" ? "text/csv" : "application/json",
  }),
);
