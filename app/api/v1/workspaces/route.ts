import { listWorkspaces } from "@/lib/contracts/workspaces";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/workspaces";

export const GET = route(listWorkspaces, async ({ principal }) => {
  const items = await registry.listWorkspaces(principal);
  return { items, total: items.length, nextCursor: null };
});
