import { listWorkspaceVersions } from "@/lib/contracts/definitions";
import { route } from "@/lib/http/route";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listWorkspaceVersions, ({ principal, params: { workspace }, query }) =>
  listDefinitionVersions(principal, "Workspace", workspace, { ...query, workspace }),
);
