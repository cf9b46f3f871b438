import { sampleDataset } from "@/lib/contracts/dive";
import { route } from "@/lib/http/route";
import { engine } from "@/lib/engines/current-engine";
import { fewAtATime } from "@/lib/engines/few-at-a-time";
import * as serving from "@/lib/serving/sample-dataset";

export const GET = route(sampleDataset, ({ principal, params, query, request }) =>
  fewAtATime(query.workspace, () => serving.sampleDataset(principal, params.name, query, engine(), request.signal)),
);
