import { parse as parseLossless } from "lossless-json";
import { OnlineFeaturesRequest } from "@/lib/contracts/serving";
import { malformed } from "./wire-error";

/** Sixteen digits in a row may be an integer that a double cannot hold. */
const LONG_NUMBER = /\d{16}/;

/** The body of a request, whatever its Content-Type says; 64-bit integers keep all digits as bigint. */
export function parseOnlineRequest(text: string): OnlineFeaturesRequest {
  const input = parseJson(text);
  const parsed = OnlineFeaturesRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  throw malformed(
    parsed.error.issues.map((issue) => {
      const loc = ["body", ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))];
      const absent = issue.code === "invalid_type" && valueAt(input, issue.path) === undefined;
      return absent
        ? { type: "missing", loc, msg: "Field required", input: valueAt(input, issue.path.slice(0, -1)) }
        : { type: issue.code, loc, msg: issue.message, input: valueAt(input, issue.path) };
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? parseLossless(text, null, { parseNumber: parseExactly }) : JSON.parse(text);
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

function parseExactly(digits: string): number | bigint {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}
