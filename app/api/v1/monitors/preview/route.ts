import { tryMonitor } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitor-trial";

export const POST = route(tryMonitor, ({ principal, body }) => registry.tryMonitor(principal, body));
