import { rm } from "node:fs/promises";
import { authenticate } from "@/lib/auth/authenticate";
import type { HistoryFormat } from "@/lib/domain/joins/feature-history";
import { engine } from "@/lib/engines/current-engine";
import { readText } from "@/lib/http/read-body";
import { streamFile } from "@/lib/http/stream";
import { answerHistoricalRequest } from "@/lib/serving/historical-features";

const TYPES: Record<HistoryFormat, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
  arrow: "application/vnd.apache.arrow.stream",
};

/** Errors have the forms of Feast's protocol, as those of its neighbours do. */
export async function POST(request: Request) {
  const principal = await authenticate(request, request.headers.get("x-request-id") ?? "").catch(() => null);
  const answer = await answerHistoricalRequest(
    { principal, query: new URL(request.url).searchParams, text: () => readText(request) },
    engine(),
    request.signal,
  );
  if ("body" in answer)
    return new Response(answer.body, {
      status: answer.status,
      headers: { "content-type": "application/json", ...(answer.status === 401 && { "www-authenticate": "Bearer" }) },
    });
  const { file, folder, bytes, format } = answer;
  const [before, after] = format === "json" ? ['{"rows":[', "]}"] : ["", ""];
  return streamFile(
    file,
    {
      "content-type": TYPES[format],
      "content-length": String(bytes + before.length + after.length),
      "cache-control": "no-store",
      ...(format !== "json" && { "content-disposition": `attachment; filename="features.${format}"` }),
    },
    { before, after, done: () => rm(folder, { recursive: true, force: true }) },
  );
}
