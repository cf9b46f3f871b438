import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import cases from "@/test/fixtures/planner-cases.json";
import { openTestDatabase } from "@/test/open-test-database";
import { applySpecs } from "../specs/specs";

const TOKEN = "bootstrap-token-for-tests";
vi.stubEnv("TRIBUTARY_BOOTSTRAP_TOKEN", TOKEN);

/** Calls the route as the network would. */
async function preview(
  body: unknown,
  token = TOKEN,
): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const { POST } = await import("@/app/api/v1/plans/preview/route");
  const request = new Request("http://127.0.0.1/api/v1/plans/preview", {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const response = await POST(request, { params: Promise.resolve({}) });
  return {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    body: (await response.json()) as Record<string, unknown>,
  };
}

beforeAll(openTestDatabase);
afterAll(closeDatabase);

describe("POST /api/v1/plans/preview", () => {
  it.each(cases.map((one) => [one.name, one] as const))("answers the case %s", async (_, { expected, ...request }) => {
    const answer = await preview(request);
    if ("error" in expected) {
      expect(answer).toMatchObject({ status: 422, type: "application/problem+json", body: expected.error });
      return;
    }
    expect(answer.status).toBe(200);
    const { choices, costs, pruned, ...plan } = answer.body;
    expect({ ...plan, ...("pruned" in expected && { pruned }) }).toEqual(expected);
    expect([choices, costs].map((list) => (list as unknown[]).length)).toEqual(
      [0, 0].map(() => (expected.variants as string[][]).length),
    );
  });

  it.each([
    ["no outputs", { workspace: "flights" }, 422],
    ["neither stages nor a workspace", { outputs: ["a"] }, 422],
    ["stages without sources", { stages: [], outputs: ["a"] }, 422],
    ["a stage without inputs", { stages: [{ name: "s", outputs: ["a"] }], sources: [], outputs: ["a"] }, 422],
    ["an unknown option", { stages: [], sources: ["a"], outputs: ["a"], options: { limt: 1 } }, 422],
    ["a negative limit", { stages: [], sources: ["a"], outputs: ["a"], options: { limit: -1 } }, 422],
    ["malformed JSON", "{", 400],
    ["an unknown workspace", { workspace: "nowhere", outputs: ["a"] }, 404],
  ])("refuses %s", async (_, body, status) => {
    const answer = await preview(body);
    expect(answer).toMatchObject({ status, type: "application/problem+json" });
    if (status === 422) expect((answer.body.issues as unknown[]).length).toBeGreaterThan(0);
  });

  it("refuses a stranger", async () => {
    expect(await preview({ stages: [], sources: ["a"], outputs: ["a"] }, "wrong")).toMatchObject({ status: 401 });
  });

  it("plans on a workspace, and honours pins", async () => {
    const documents = readdirSync("prisma/demo").map((file) => ({
      file,
      text: readFileSync(`prisma/demo/${file}`, "utf8"),
    }));
    await applySpecs(SYSTEM, { documents });
    const outputs = ["flight.late_probability"];
    const all = await preview({ workspace: "flights", outputs });
    expect(all.body).toMatchObject({ total: "4" });
    const pins = { "airport.segment": "airport_bands", "flight.delay": "whatever" };
    const some = await preview({ workspace: "flights", outputs, options: { pins, order: "cost" } });
    expect(some.body).toMatchObject({ total: "2" });
    for (const choice of some.body.choices as Record<string, string>[])
      expect(choice["airport.segment"]).toBe("airport_bands");
    const missing = await preview({ workspace: "flights", outputs: ["flight.late_probabilty"] });
    expect(missing).toMatchObject({
      status: 422,
      body: { code: "MISSING_PRODUCER", missing: [{ suggestions: ["flight.late_probability"] }] },
    });
  });

  it("names the stages that this server's engine cannot run, and still plans", async () => {
    const known = await preview({ workspace: "flights", outputs: ["flight.late_probability"] });
    expect(known.body.unsupported).toEqual([]);
    const stage = {
      kind: "Stage",
      name: "airport_names",
      entity: "airport",
      estimator: "Word2Vec",
      class: "unsupervised",
      inputs: ["airport.name_tokens"],
      outputs: [{ column: "airport.name_vector", type: "vector" }],
    };
    const tokens = {
      kind: "Stage",
      name: "airport_tokens",
      entity: "airport",
      transformer: "Tokenizer",
      inputs: ["airport.name"],
      outputs: [{ column: "airport.name_tokens", type: "strings" }],
    };
    await applySpecs(SYSTEM, { workspace: "flights", documents: [tokens, stage] });
    const answer = await preview({ workspace: "flights", outputs: ["airport.name_vector"] });
    expect(answer.body).toMatchObject({
      total: "1",
      variants: [["airport_tokens", "airport_names"]],
      unsupported: [{ stage: "airport_names", operator: "Word2Vec", reason: expect.stringMatching(/./) }],
    });
  });
});
