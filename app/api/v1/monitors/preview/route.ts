import { tryMonitor } from "@/lib/contracts/monitors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/monitors/trial";

export const POST = route(tryMonitor, ({ principal, body }) => registry.tryMonitor(principal, body));
