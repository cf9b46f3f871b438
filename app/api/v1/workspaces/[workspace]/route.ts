import { getWorkspace } from "@/lib/contracts/workspaces";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/workspaces";

export const GET = route(getWorkspace, ({ principal, params }) => registry.getWorkspace(principal, params.workspace));
