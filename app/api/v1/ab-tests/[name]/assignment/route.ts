import { getAbAssignment } from "@/lib/contracts/ab-tests";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/experiments/ab-tests";

export const GET = route(getAbAssignment, ({ principal, params, query }) =>
  registry.getAbAssignment(principal, { ...query, ...params }),
);
