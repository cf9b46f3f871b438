import { previewTrainingDataset as operation } from "@/lib/contracts/training-datasets";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import { previewTrainingDataset } from "@/lib/serving/training-datasets";

export const POST = route(operation, ({ principal, body, request }) =>
  previewTrainingDataset(principal, body, engine(), request.signal),
);
