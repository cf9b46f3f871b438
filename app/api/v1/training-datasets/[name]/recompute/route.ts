import { recomputeTrainingDataset as operation } from "@/lib/contracts/training-datasets";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import { recomputeTrainingDataset } from "@/lib/serving/training-datasets";

export const POST = route(operation, ({ principal, params, query, request }) =>
  recomputeTrainingDataset(principal, { ...query, ...params }, engine(), request.signal),
);
