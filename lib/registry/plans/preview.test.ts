import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlanBody, PlanPreview } from "@/lib/contracts/plans";
import { closeDatabase } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { SYSTEM } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { previewPlan } from "./plans";
import { applySpecs } from "../specs/specs";

const engine = { unsupported: () => Promise.resolve([]) };
const outputs = ["flight.late_probability"];

beforeAll(async () => {
  await openTestDatabase();
  const documents = readdirSync("prisma/demo").map((file) => ({
    file,
    text: readFileSync(`prisma/demo/${file}`, "utf8"),
  }));
  await applySpecs(SYSTEM, { documents });
});
afterAll(closeDatabase);

const preview = (body: Partial<PlanBody> = {}) =>
  previewPlan(SYSTEM, { workspace: "flights", outputs, ...body }, engine);

async function refusal(body: Partial<PlanBody>): Promise<DomainError> {
  try {
    await preview(body);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("the preview of a workspace's plan", () => {
  it("is what its contract says", async () => {
    const answer = await preview();
    expect(PlanPreview.parse(answer)).toEqual(answer);
  });

  it("merges the variants into one graph whose parts fit together", async () => {
    const { graph, variants, choices, mergedInstances } = await preview();
    expect(variants).toHaveLength(4);
    const instances = graph?.instances ?? [];
    const keys = new Set(instances.map(({ key }) => key));
    expect(keys.size).toBe(instances.length);
    const seen = new Set<string>();
    for (const instance of instances) {
      for (const { writer, source } of instance.inputs) {
        if (writer === null) expect(graph?.sources.map(({ name }) => name)).toContain(source);
        else expect(seen).toContain(writer);
      }
      seen.add(instance.key);
    }
    for (const [stage, count] of Object.entries(mergedInstances))
      expect(instances.filter((instance) => instance.stage === stage)).toHaveLength(count);
    expect(new Set(graph?.columns.map(({ physical }) => physical)).size).toBe(graph?.columns.length);
    for (const [index, choice] of choices.entries())
      expect(Object.keys(graph?.physical[index] ?? {}).sort()).toEqual(Object.keys(choice).sort());
    expect(graph?.columns.map(({ physical }) => physical)).toEqual(
      expect.arrayContaining(["airport.segment__airport_segments", "airport.segment__airport_bands"]),
    );
  });

  it("says of every variant what it costs, pins it to, and whether its score could be trusted", async () => {
    const { details, consumer, consumers, choices, total } = await preview();
    expect(consumer).toMatchObject({ pipeline: "late_departures", model: "late_model", split: "by_month" });
    expect(consumers?.map(({ pipeline }) => pipeline)).toEqual(["late_departures", "late_departures_banded"]);
    expect(consumer).toMatchObject({ train: "train of by_month", test: "test of by_month" });
    for (const [index, variant] of (details ?? []).entries()) {
      const segment = choices[index]?.["airport.segment"] as string;
      const pins = { "airport.segment": segment, "flight.late_probability": expect.any(String) };
      expect(variant).toMatchObject({ pins, remaining: variant.cost, fitted: 0, materialised: 0 });
      expect(variant.verdict).toMatchObject(
        segment === "airport_segments"
          ? { verdict: "leak", severity: "medium", estimators: [expect.stringMatching(/^airport_segments@/)] }
          : { verdict: "safe", severity: "none", estimators: [] },
      );
      const alone = await preview({ options: { pins: variant.pins } });
      expect([alone.total, alone.choices]).toEqual(["1", [choices[index]]]);
    }
    expect(total).toBe("4");
  });

  it("takes pins as a list of column@stage", async () => {
    const some = await preview({ options: { pins: ["airport.segment@airport_bands"], order: "cost" } });
    expect(some.total).toBe("2");
    expect(new Set(some.choices.map((choice) => choice["airport.segment"]))).toEqual(new Set(["airport_bands"]));
  });

  it("judges for the consumer, split and rows that are chosen", async () => {
    const leaks = async (body: Partial<PlanBody>) =>
      (await preview(body)).details?.map(({ verdict }) => verdict?.verdict ?? null);
    expect(await leaks({ consumer: null })).toEqual([null, null, null, null]);
    expect((await preview({ consumer: null })).consumer).toBeNull();
    expect(await leaks({ refit: ["airport_segments"] })).toEqual(["safe", "safe", "safe", "safe"]);
    expect(await leaks({ fit: { rows: "all" } })).toEqual(["leak", "leak", "leak", "leak"]);
    const byFlight = await preview({ split: "by_flight" });
    expect(byFlight.consumer).toMatchObject({ split: "by_flight", test: "test of by_flight" });
    const words = byFlight.graph?.instances.map(({ stage, fitRows }) => [stage, fitRows]);
    expect(words).toEqual(
      expect.arrayContaining([
        ["airport_segments", "all rows"],
        ["late_logistic", "train of by_flight"],
        ["airport_traffic", null],
      ]),
    );
    const evaluate = { split: "by_month", test: ["test"], label: "flight.is_late", model: "mine", unit: ["id"] };
    expect((await preview({ evaluate })).consumer).toMatchObject({ pipeline: null, model: "mine", train: "all rows" });
    expect(await leaks({ outputs: ["airport.destinations_7d"] })).toEqual([null]);
  });

  it.each([
    ["a consumer that nobody declares", { consumer: "late_departure" }, /Did you mean `late_departures`/, "consumer"],
    [
      "a split that nobody declares",
      { split: "by_mouth" },
      /no split policy `by_mouth`. Did you mean `by_month`/,
      "split",
    ],
    [
      "parts that a split has not",
      { fit: { split: "by_month", parts: ["tran"] } },
      /no part `tran`: it has .*train/,
      "fit",
    ],
  ])("refuses %s by name", async (_, body, message, member) => {
    const error = await refusal(body as Partial<PlanBody>);
    expect(error).toMatchObject({ code: "invalid", context: { issues: [{ path: [member] }] } });
    expect(error.message).toMatch(message);
  });

  it("plans outputs independently as one graph, each with its own variants", async () => {
    const both = ["flight.late_probability", "airport.segment"];
    const joint = await preview({ outputs: both });
    expect([joint.total, joint.perOutput]).toEqual(["4", undefined]);
    const apart = await preview({ outputs: both, options: { mode: "independent" } });
    expect(apart.total).toBe("6");
    expect(apart.perOutput).toEqual([
      { output: both[0], total: "4", variants: [0, 1, 2, 3] },
      { output: both[1], total: "2", variants: [4, 5] },
    ]);
    expect(apart.details?.map(({ outputs: own }) => own)).toEqual([0, 0, 0, 0, 1, 1].map((at) => [both[at]]));
    // The segments alone are what comes before the model, too.
    expect(apart.graph?.instances).toHaveLength(joint.graph?.instances.length as number);
    expect(PlanPreview.parse(apart)).toEqual(apart);
  });

  it.each([
    [
      "an unknown stage",
      ["airport.segment@airport_band"],
      { unknown: "stage", suggestions: ["airport_segments", "airport_bands"] },
    ],
    ["an unknown column", ["airport.segmnt@airport_bands"], { unknown: "column", suggestions: ["airport.segment"] }],
  ])("refuses a pin to %s with what it may have meant", async (_, pins, context) => {
    const error = await refusal({ options: { pins } });
    expect(error.context).toMatchObject({ code: "INVALID_PIN", ...context });
  });

  it("answers the graph of a request's own stages only when asked", async () => {
    const stages = [
      { name: "p", inputs: ["s"], outputs: ["a"] },
      { name: "q", inputs: ["s"], outputs: ["a"] },
      { name: "r", kind: "estimator" as const, inputs: ["a"], fitInputs: ["label"], outputs: ["b"], cost: 3 },
    ];
    const request = { stages, sources: ["s", "label"], outputs: ["b"] };
    expect(await previewPlan(SYSTEM, request, engine)).not.toHaveProperty("graph");
    const answer = await previewPlan(SYSTEM, { ...request, merge: true }, engine);
    expect(PlanPreview.parse(answer)).toEqual(answer);
    expect(answer.graph?.physical).toEqual([
      { b: "b__p", a: "a__p" },
      { b: "b__q", a: "a__q" },
    ]);
    expect(answer.graph?.instances.find(({ stage }) => stage === "r")).toMatchObject({
      key: "r@1",
      kind: "estimator",
      cost: 3,
      signature: null,
      inputs: [
        { column: "a", writer: "p@1", role: "input" },
        { column: "label", writer: null, source: null, role: "fitInput" },
      ],
    });
    expect(answer.graph?.sources).toEqual([
      { name: null, columns: expect.arrayContaining(["s", "label"]), version: null, draft: false },
    ]);
  });
});

describe("stages that are not registered yet", () => {
  const draft = `
kind: Stage
name: airport_quiet
entity: airport
transformer: sql
inputs: [airport.departures_7d]
params: { statement: "SELECT *, CASE WHEN departures_7d < 100 THEN 'quiet' ELSE 'busy' END AS segment FROM __THIS__" }
outputs: [{ column: airport.segment, type: string }]
`;

  it("are planned beside those of the registry, marked, and stored nowhere", async () => {
    const answer = await preview({ specs: draft });
    expect(answer.total).toBe("6");
    expect(answer.drafts).toEqual([{ kind: "Stage", name: "airport_quiet", action: "create" }]);
    const drafted = answer.graph?.instances.filter((instance) => instance.draft);
    expect(drafted?.map(({ key }) => key)).toEqual(["airport_quiet@1"]);
    expect(drafted?.[0]).toMatchObject({ operator: "sql", signature: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await preview()).total).toBe("4");
  });

  it("change what is registered: another behaviour is another signature", async () => {
    const documents = readFileSync("prisma/demo/stages-airport.yaml", "utf8");
    const [one] = documents.split("\n---\n").filter((document) => /^name: airport_bands$/m.test(document));
    const answer = await preview({ specs: (one as string).replace(/numBuckets: \d+/, "numBuckets: 7") });
    expect(answer.drafts).toEqual([{ kind: "Stage", name: "airport_bands", action: "replace" }]);
    const of = (plan: PlanPreview) => plan.graph?.instances.find(({ stage }) => stage === "airport_bands");
    expect(of(answer)).toMatchObject({ draft: true });
    expect(of(answer)?.signature).not.toBe(of(await preview())?.signature);
    expect((await preview({ specs: one as string })).drafts).toEqual([]);
  });

  it("are refused with every error at once, by line and path", async () => {
    const error = await refusal({
      specs: `${draft.replace("entity: airport", "entity: airprt").replace("type: string", "type: double")}---\nkind: Stag\nname: other\n`,
    });
    expect(error.code).toBe("invalid");
    const issues = error.context.issues as { line: number; path: string[]; message: string }[];
    // What the registry has says its own word about the draft, without a line.
    const lines = issues.flatMap(({ line }) => line ?? []);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(lines).toEqual(expect.arrayContaining([4, 8, 10]));
    const messages = issues.map(({ message }) => message).join("\n");
    expect(messages).toMatch(/there is no entity `airprt`. Did you mean `airport`/);
    expect(messages).toMatch(/`airport.segment` is written as double, but stage airport_segments writes it as string/);
    expect(messages).toMatch(/no kind `Stag`. Did you mean `Stage`/);
  });

  it("cannot be about another workspace", async () => {
    const error = await refusal({ specs: "kind: Workspace\nname: elsewhere\n" });
    expect(error.message).toMatch(/Workspace elsewhere: the documents are about workspace `flights`/);
  });
});
