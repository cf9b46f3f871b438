import { listChangeCandidates } from "@/lib/contracts/changes";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/changes/candidates";

export const GET = route(listChangeCandidates, async ({ principal, query }) => {
  const items = await registry.listChangeCandidates(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});
