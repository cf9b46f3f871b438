import { exportAudit } from "@/lib/contracts/audit";
import { download } from "@/lib/http/stream";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/audit/audit";

export const GET = route(exportAudit, async ({ principal, query }) =>
  download(await registry.exportAudit(principal, query), {
    name: `${query.workspace}-audit.ndjson`,
    type: "application/x-ndjson",
  }),
);
