import type { z } from "zod";
import { parseJson, parseJsonAsWritten, unstorableIn } from "@/lib/contracts/json-text";
import { HistoricalFeaturesRequest, OnlineFeaturesRequest } from "@/lib/contracts/serving";
import { malformed } from "./wire-error";

/** More details than a person reads only make the answer large. */
const MOST_DETAILS = 100;

/** The body of a request, whatever its Content-Type says; 64-bit integers keep all digits as bigint. */
export const parseOnlineRequest = (text: string): OnlineFeaturesRequest =>
  parseRequest(OnlineFeaturesRequest, parseJson, text);

/** The same; numbers that JavaScript would write otherwise keep their digits too, for columns that come back as they are. */
export const parseHistoricalRequest = (text: string): HistoricalFeaturesRequest =>
  parseRequest(HistoricalFeaturesRequest, parseJsonAsWritten, text);

function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  parse: (text: string) => unknown,
  text: string,
): z.output<Schema> {
  const input = read(parse, text);
  const unstorable = unstorableIn(text, input);
  if (unstorable)
    throw malformed([
      { type: "string_unicode", loc: ["body", ...unstorable], msg: "Input should be Unicode text without NUL" },
    ]);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw malformed(
    parsed.error.issues.slice(0, MOST_DETAILS).map((issue) => {
      const loc = ["body", ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))];
      const absent = issue.code === "invalid_type" && valueAt(input, issue.path) === undefined;
      return absent
        ? { type: "missing", loc, msg: "Field required", input: valueAt(input, issue.path.slice(0, -1)) }
        : { type: issue.code, loc, msg: issue.message, input: valueAt(input, issue.path) };
    }),
  );
}

function read(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    throw malformed([
      {
        type: "json_invalid",
        loc: ["body", Number(at ?? 0)],
        msg: "JSON decode error",
        input: {},
        ctx: { error: error instanceof Error ? error.message : String(error) },
      },
    ]);
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}
