import { DomainError } from "@/lib/domain/errors";
import { parseJson, parseJsonAsWritten, unstorableIn } from "@/lib/contracts/json-text";

const YAML = /^(application|text)\/(x-)?yaml\b/i;

/** The body as text. How large it may be was seen to by the server before anybody reads it (front-server.ts). */
export async function readText(request: Request): Promise<string> {
  const bytes = await request.arrayBuffer().catch(() => {
    throw new DomainError("bad_request", "The body ended before it was complete. Send the request again.");
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError("bad_request", "The body is not UTF-8 text. Send it in UTF-8.");
  }
}

/** Tools forget the Content-Type: what parses as JSON is JSON. No body at all is an empty one. */
export function readJson(request: Request): Promise<unknown> {
  return readBy(parseJson, request);
}

/** The same for a body whose values come back in the answer: numbers keep their digits (`parseJsonAsWritten`). */
export function readJsonAsWritten(request: Request): Promise<unknown> {
  return readBy(parseJsonAsWritten, request);
}

async function readBy(parse: (text: string) => unknown, request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  const value = read(parse, text);
  const unstorable = unstorableIn(text, value);
  if (unstorable)
    throw new DomainError("invalid", `The body has a text that cannot be kept, at ${unstorable.join(".")}.`, {
      issues: [{ path: unstorable, message: "expected Unicode text without NUL, and no member called __proto__" }],
    });
  return value;
}

/**
 * Spec documents sent as they are (`curl --data-binary @spec.yaml -H 'content-type: application/yaml'`): the same request as
 * with a JSON body, whose other members come from the query. A JSON request is read as JSON.
 */
export async function readYamlOrJson(request: Request): Promise<unknown> {
  if (!YAML.test(request.headers.get("content-type") ?? "")) return readJson(request);
  const { searchParams } = new URL(request.url);
  const workspace = searchParams.get("workspace");
  return {
    ...(workspace !== null && { workspace }),
    ...(searchParams.has("prune") && { prune: searchParams.get("prune") === "true" }),
    documents: await readText(request),
  };
}

function read(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new DomainError(
      "bad_request",
      `The body is not JSON: ${error instanceof Error ? error.message : error}. Send a JSON document.`,
    );
  }
}
