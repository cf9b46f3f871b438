import { previewLeakage } from "@/lib/contracts/leakage";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import { route } from "@/lib/http/route";

export const POST = route(previewLeakage, async ({ body }) => judgeLeakage(body));
