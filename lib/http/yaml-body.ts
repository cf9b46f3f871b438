const YAML = /^(application|text)\/(x-)?yaml\b/i;

/**
 * Spec documents sent as they are (`curl --data-binary @spec.yaml -H 'content-type: application/yaml'`): the same request with
 * a JSON body, whose other members come from the query. A JSON request stays as it is.
 */
export async function yamlAsJson(request: Request): Promise<Request> {
  if (!YAML.test(request.headers.get("content-type") ?? "")) return request;
  const { searchParams } = new URL(request.url);
  const workspace = searchParams.get("workspace");
  const body = {
    ...(workspace !== null && { workspace }),
    ...(searchParams.has("prune") && { prune: searchParams.get("prune") === "true" }),
    documents: await request.text(),
  };
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/json");
  headers.delete("content-length");
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(body) });
}
