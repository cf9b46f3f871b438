import { listLeakageMeasurements, measureLeakage } from "@/lib/contracts/leakage-measurements";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/measurements/measurements";

export const GET = route(listLeakageMeasurements, ({ principal, params, query }) =>
  registry.listMeasurements(principal, { ...query, ...params }),
);

export const POST = route(measureLeakage, ({ principal, params, body }) =>
  registry.measureLeakage(principal, params.modelVersionId, body),
);
