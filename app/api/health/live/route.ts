import { live } from "@/lib/contracts/health";
import { version } from "@/lib/config/version";
import { route } from "@/lib/http/route";

export const GET = route(live, async () => ({ status: "ok" as const, version }));
