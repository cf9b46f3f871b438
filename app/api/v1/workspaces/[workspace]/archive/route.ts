import { archiveWorkspace } from "@/lib/contracts/workspaces";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/workspaces";

export const POST = route(archiveWorkspace, ({ principal, params }) =>
  registry.setArchived(principal, params.workspace, true),
);
