import { newToken } from "@/lib/auth/tokens";
import { createToken, listTokens } from "@/lib/contracts/tokens";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/tokens";

export const GET = route(listTokens, async ({ principal, query }) => {
  const items = await registry.listTokens(principal, query.workspace);
  return { items, total: items.length, nextCursor: null };
});

export const POST = route(createToken, async ({ principal, body }) => {
  const { secret, hash } = newToken();
  return { token: await registry.createToken(principal, body, hash), secret };
});
