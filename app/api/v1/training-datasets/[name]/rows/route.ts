import { downloadTrainingDataset } from "@/lib/contracts/training-datasets";
import type { HistoryFormat } from "@/lib/domain/joins/feature-history";
import { engine } from "@/lib/engines/current-engine";
import { route } from "@/lib/http/route";
import { streamFile } from "@/lib/http/stream";
import { openTrainingRows } from "@/lib/serving/training-datasets";

const TYPES: Record<HistoryFormat, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
  arrow: "application/vnd.apache.arrow.stream",
};

export const GET = route(downloadTrainingDataset, async ({ principal, params, query, request }) => {
  const { format } = query;
  const { file, bytes, done } = await openTrainingRows(principal, { ...query, ...params }, engine(), request.signal);
  const [before, after] = format === "json" ? ['{"rows":[', "]}"] : ["", ""];
  return streamFile(
    file,
    {
      "content-type": TYPES[format],
      "content-length": String(bytes + before.length + after.length),
      "content-disposition": `attachment; filename="${params.name}.${format}"`,
    },
    { before, after, done },
  );
});
