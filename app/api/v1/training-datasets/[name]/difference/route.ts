import { compareTrainingDatasets } from "@/lib/contracts/training-datasets";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/training-datasets/training-datasets";

export const GET = route(compareTrainingDatasets, ({ principal, params, query }) =>
  registry.compareTrainingDatasets(principal, { ...query, ...params }),
);
