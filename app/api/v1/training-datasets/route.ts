import { createTrainingDataset, listTrainingDatasets } from "@/lib/contracts/training-datasets";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/training-datasets/training-datasets";
import { freezeTrainingDataset } from "@/lib/serving/training-datasets";

export const GET = route(listTrainingDatasets, ({ principal, query }) =>
  registry.listTrainingDatasets(principal, query),
);

export const POST = route(createTrainingDataset, ({ principal, body, request }) =>
  freezeTrainingDataset(principal, body, engine(), request.signal),
);
