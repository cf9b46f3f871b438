import { previewJoins as operation } from "@/lib/contracts/joins";
import { writeJson } from "@/lib/contracts/json-text";
import { previewJoins } from "@/lib/domain/joins/preview-joins";
import { readJsonAsWritten } from "@/lib/http/read-body";
import { route } from "@/lib/http/route";

/** Values go back as they were written, which JSON.stringify would not do. */
export const POST = route(
  operation,
  async ({ body }) => new Response(writeJson(previewJoins(body)), { headers: { "content-type": "application/json" } }),
  readJsonAsWritten,
);
