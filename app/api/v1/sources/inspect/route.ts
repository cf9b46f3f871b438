import { inspectSource } from "@/lib/contracts/inspection";
import { inspectors } from "@/lib/engines/inspectors";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/datasets/inspect";

export const POST = route(inspectSource, ({ principal, body }) => registry.inspectSource(principal, body, inspectors));
