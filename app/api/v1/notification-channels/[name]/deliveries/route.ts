import { listDeliveries } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/notifications/channel-deliveries";

export const GET = route(listDeliveries, ({ principal, params, query }) =>
  registry.listDeliveries(principal, params.name, query),
);
