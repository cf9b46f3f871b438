import { DriftPreview, previewDriftMetric } from "@/lib/contracts/drift-preview";
import { previewDrift } from "@/lib/domain/drift/preview-drift";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";

export const POST = route(previewDriftMetric, async ({ body }) =>
  DriftPreview.parse(await previewDrift(body, (asked) => engine().profileValues(asked))),
);
