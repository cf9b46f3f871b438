import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { POST } from "@/app/api/v1/drift/preview/route";
import { closeDatabase } from "@/lib/db/client";
import { previewDrift, type DriftQuestion } from "@/lib/domain/drift/preview/preview-drift";
import { openTestDatabase } from "./open-test-database";

const TOKEN = "bootstrap-token-for-tests";

beforeAll(async () => {
  await openTestDatabase();
  vi.stubEnv("TRIBUTARY_BOOTSTRAP_TOKEN", TOKEN);
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
});
afterAll(async () => {
  await closeDatabase();
  vi.unstubAllEnvs();
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
});

async function ask(body: unknown, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) {
  const request = new Request("http://localhost/api/v1/drift/preview", {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const response = await POST(request, { params: Promise.resolve({}) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const { vectors } = JSON.parse(
  readFileSync(new URL("fixtures/distribution-vectors.json", import.meta.url), "utf8"),
) as { vectors: (DriftQuestion & { id: string })[] };

describe("POST /api/v1/drift/preview", () => {
  it.each(
    vectors.filter(({ reference }) => typeof reference !== "string").map((vector) => [vector.id, vector] as const),
  )("answers %s as the domain does", async (_, { metric, params, reference, current }) => {
    const answer = await ask({ metric, params, reference, current });
    expect(answer).toEqual({ status: 200, body: previewDrift({ metric, params, reference, current }) });
  });

  it("needs somebody who is known", async () => {
    expect(
      (await ask({ metric: "psi", reference: [1], current: [2] }, { authorization: "Bearer trib_unknown" })).status,
    ).toBe(401);
  });

  it.each<[string, unknown, (string | number)[]]>([
    ["no metric", { reference: [1], current: [2] }, ["metric"]],
    ["unknown metric", { metric: "pis", reference: [1], current: [2] }, ["metric"]],
    ["parameters that are no object", { metric: "psi", params: "evidently", reference: [1], current: [2] }, ["params"]],
    [
      "lengths that differ",
      { metric: "psi", params: { input: "counts" }, reference: [1], current: [1, 2] },
      ["current"],
    ],
    ["a sentence for values", { metric: "psi", reference: "dataset", current: [1] }, ["reference"]],
  ])("says where it is wrong: %s", async (_, body, path) => {
    const answer = await ask(body);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid", issues: [{ path }] } });
  });
});
