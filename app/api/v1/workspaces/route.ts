import { createWorkspace, listWorkspaces } from "@/lib/contracts/workspaces";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/workspaces";

export const GET = route(listWorkspaces, async ({ principal, query }) => {
  const items = await registry.listWorkspaces(principal, query);
  return { items, total: items.length, nextCursor: null };
});

export const POST = route(createWorkspace, ({ principal, body }) => registry.createWorkspace(principal, body));
