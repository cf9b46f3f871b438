import { ready } from "@/lib/contracts/health";
import { version } from "@/lib/config/version";
import { assertReady } from "@/lib/registry/readiness";
import { route } from "@/lib/http/route";

export const GET = route(ready, async () => {
  await assertReady();
  return { status: "ok" as const, version };
});
