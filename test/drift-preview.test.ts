import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { POST } from "@/app/api/v1/drift/preview/route";
import { closeDatabase } from "@/lib/db/client";
import { answerVector, differencesFrom, type Question, vectors } from "./distribution-vectors";
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

async function answer(question: Question) {
  const { status, body } = await ask(question);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body;
}

describe("POST /api/v1/drift/preview", () => {
  it("is asked every vector", () => {
    expect(vectors).toHaveLength(60);
  });

  it.each(vectors.map((vector) => [vector.id, vector] as const))("answers %s", async (_, vector) => {
    expect(differencesFrom(vector, await answerVector(vector, answer), vector.expected)).toEqual([]);
  });

  it.each([
    ["wasserstein_normed", "normed_wasserstein"],
    ["kolmogorov_smirnov", "ks"],
    ["normalized_abs_difference", "count_difference"],
  ])("takes %s for %s", async (alias, metric) => {
    const params = metric === "count_difference" ? { input: "counts" } : {};
    const question = { params, reference: [1, 2, 3], current: [1, 2, 4] };
    const found = await answer({ metric, ...question });
    expect(found).toMatchObject({ status: "ok_low_sample" });
    expect(await answer({ metric: alias, ...question })).toEqual(found);
  });

  it("has the metric names of monitors: a third of a unit over the standard deviation of 1, 2, 3", async () => {
    const found = await answer({ metric: "normed_wasserstein", reference: [1, 2, 3], current: [1, 2, 4] });
    expect(found.value).toBeCloseTo(1 / 3 / Math.sqrt(2 / 3), 12);
    expect(found.figure).toBe("normed_wasserstein");
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
