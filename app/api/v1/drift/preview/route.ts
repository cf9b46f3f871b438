import { DriftPreview, previewDriftMetric } from "@/lib/contracts/drift-preview";
import { previewDrift } from "@/lib/domain/drift/preview/preview-drift";
import { route } from "@/lib/http/route";

export const POST = route(previewDriftMetric, async ({ body }) => DriftPreview.parse(previewDrift(body)));
