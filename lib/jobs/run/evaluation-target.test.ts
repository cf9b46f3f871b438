import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { DomainError } from "@/lib/domain/errors";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { getLeakageProof } from "@/lib/registry/models/leakage";
import { getModel } from "@/lib/registry/models/models";
import { previewPlan } from "@/lib/registry/plans/plans";
import { applySpecs, planSpecs } from "@/lib/registry/specs/specs";
import { startRun } from "@/lib/registry/runs/start";
import { openTestDatabase } from "@/test/open-test-database";
import { startWorker, type Worker } from "../worker";
import { ADMIN, EMPTY_STORE, succeeded } from "./run-to-end.test-support";

const FIXTURES = fileURLToPath(new URL("../../../test/fixtures/", import.meta.url));
const data = mkdtempSync(path.join(tmpdir(), "tributary-target-"));
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
const spec = (name: string) => readFileSync(path.join(FIXTURES, "specs", name), "utf8").replace("../files/", FIXTURES);
const cancer = spec("own-test-rows.yaml");
let worker: Worker;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  await applySpecs(ADMIN, { documents: `${cancer}\n---\n${spec("outputs-order.yaml")}` });
  worker = await startWorker({ engine, store: EMPTY_STORE });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function run(pipeline: string, workspace = "cancer") {
  const id = await startRun(ADMIN, { workspace, pipeline }, engine);
  return succeeded(id);
}

describe("the model's own rows", () => {
  it.each(["tree_all", "tree_nofit", "lr_all"])(
    "%s is fitted on its own test rows: a critical leak",
    async (pipeline) => {
      const done = await run(pipeline);
      const [made] = done.modelVersions;
      expect(made?.verdict).toBe("leak");
      expect(made?.sentence).toMatch(
        /The model itself was fitted on all rows of cancer@1\..*Every test row was seen\./,
      );
      const [version] = (await getModel(ADMIN, "cancer", `m_${pipeline}`)).versions;
      expect(version).toMatchObject({ verdict: "leak", severity: "critical" });
      expect(version?.features.every(({ verdict }) => verdict === "leak")).toBe(true);
      const { id } = await prisma().modelVersion.findFirstOrThrow({ where: { runId: done.id } });
      const proof = await getLeakageProof(ADMIN, id);
      expect(proof).toMatchObject({ verdict: "leak", own: { verdict: "leak", reasons: ["FIT_COVERS_TEST"] } });
      expect(proof.explanation[0]).toMatch(/^The model itself was fitted on/);
      expect(proof.fixes.map(({ action }) => action)).toContain("hold_out_test_rows");
    },
  );

  it.each(["tree", "lr"])("%s is not", async (pipeline) => {
    expect((await run(pipeline)).modelVersions[0]).toMatchObject({ verdict: "safe" });
  });

  it("are told when the pipeline is planned", async () => {
    const documents = cancer.replace("name: cancer", "name: other");
    const { warnings } = await planSpecs(ADMIN, { documents });
    const told = warnings.flatMap(({ message }) => /^Pipeline (\w+): it is evaluated on rows/.exec(message)?.[1] ?? []);
    expect(told).toEqual(["lr_allfit", "tree_all", "tree_nofit", "lr_all"]);
    for (const [pipeline, warned] of [
      ["tree_nofit", 1],
      ["tree_all", 1],
      ["tree", 0],
    ] as const) {
      const { consumer, details } = await previewPlan(
        ADMIN,
        { workspace: "cancer", outputs: ["tumour.p"], consumer: pipeline, options: { pins: { "tumour.p": "tree" } } },
        engine,
      );
      expect(consumer?.warnings.length).toBe(warned);
      expect(details?.[0]?.verdict?.verdict).toBe(warned ? "leak" : "safe");
    }
  });

  it("are those of the estimator where it has its own, whatever its pipeline says", async () => {
    const documents = cancer
      .replace("name: cancer", "name: owned")
      .replace("params: { maxDepth: 3, maxBins: 255 }", "params: { maxDepth: 3, maxBins: 255 }\nfit: { rows: all }");
    const { warnings } = await planSpecs(ADMIN, { documents });
    expect(warnings.map(({ message }) => message).join()).toContain("Pipeline tree: it is evaluated on rows");
  });
});

describe("the evaluated output", () => {
  it("is the prediction of the label, in whatever order the outputs are listed", async () => {
    const made = [];
    for (const pipeline of ["order_a", "order_b"]) {
      const done = await run(pipeline);
      const [version] = (await getModel(ADMIN, "cancer", `m_${pipeline}`)).versions;
      made.push({
        metrics: done.metrics,
        stage: version?.stage,
        verdict: version?.verdict,
        features: version?.features,
      });
    }
    const sentenceless = made.map(({ features, ...rest }) => ({
      ...rest,
      features: features?.map(({ feature }) => feature),
    }));
    expect(sentenceless[0]).toEqual(sentenceless[1]);
    expect(sentenceless[0]).toMatchObject({ stage: "lr", verdict: "safe" });
    expect(made[0]?.metrics?.test?.auc).toBeGreaterThan(0.9);
  });

  const second = `
kind: Stage
name: second
entity: tumour
estimator: DecisionTreeClassifier
class: supervised
inputs: [tumour.x]
fitInputs: [tumour.benign]
outputs: [{ column: tumour.q, type: double }]
`;
  const pipeline = (outputs: string, evaluate = "") => `
kind: Pipeline
name: several
outputs: [${outputs}]
pins: { tumour.p: lr }
fit: { split: s, parts: [train] }
evaluate: { split: s, test: [test], label: tumour.benign, model: m_several, unit: [id]${evaluate} }
`;
  const plan = (text: string) =>
    planSpecs(ADMIN, { workspace: "cancer", documents: [second, text].join("---\n") }).then(
      () => "planned",
      (error: unknown) => JSON.stringify((error as DomainError).context.issues),
    );

  it.each([
    ["tumour.p, tumour.q", "", /several outputs are predictions of `tumour.benign`: `tumour.p`, `tumour.q`/],
    ["tumour.q, tumour.p", "", /several outputs are predictions of `tumour.benign`: `tumour.p`, `tumour.q`/],
    ["tumour.xs, tumour.pc", "", /none of the outputs `tumour.xs`, `tumour.pc` is a prediction of `tumour.benign`/],
    ["tumour.p, tumour.xs", ", prediction: tumour.xs", /`tumour.xs` is not an output that predicts.*`tumour.p`/],
    ["tumour.p, tumour.q", ", prediction: tumour.q", /^planned$/],
    ["tumour.q, tumour.p", ", prediction: tumour.p", /^planned$/],
    ["tumour.xs, tumour.q", "", /^planned$/],
  ])("of %s%s is named or refused", async (outputs, evaluate, answer) => {
    expect(await plan(pipeline(outputs, evaluate))).toMatch(answer);
  });

  it("is refused by a plan that brings its own evaluation", async () => {
    const evaluate = { split: "s", test: ["test"], label: "tumour.benign", model: "m", unit: ["id"] };
    const asked = previewPlan(ADMIN, { workspace: "cancer", outputs: ["tumour.xs"], evaluate }, engine);
    await expect(asked).rejects.toThrow(/none of the outputs `tumour.xs`/);
  });

  it("is the named one when it runs", async () => {
    const documents = [second, pipeline("tumour.p, tumour.q", ", prediction: tumour.q")].join("---\n");
    await applySpecs(ADMIN, { workspace: "cancer", documents });
    await run("several");
    expect((await getModel(ADMIN, "cancer", "m_several")).versions[0]?.stage).toBe("second");
  });
});

describe("the test rows", () => {
  /** Two features with ten values between them, so that every test row repeats a training row. */
  const small = () => {
    const file = path.join(data, "small.csv");
    const rows = Array.from({ length: 200 }, (_, id) => [id, id % 5, id % 2, Number(id % 5 > 2)].join(","));
    writeFileSync(file, ["id,a,b,y", ...rows].join("\n"));
    const evaluate = (test: string, model: string) =>
      `evaluate: { split: s, test: [${test}], label: thing.y, model: ${model}, unit: [id] }`;
    return `
kind: Workspace
name: small
---
{ kind: Entity, name: thing, joinKeys: [{ name: id, type: bigint }] }
---
kind: Source
name: things
entity: thing
format: csv
location: ${file}
columns: [{ name: id, type: bigint }, { name: a, type: double }, { name: b, type: double }, { name: y, type: bigint }]
rowKey: [id]
---
{ kind: SplitPolicy, name: s, type: hash, algo: md5-32, key: id, salt: c, buckets: 100000, parts: { train: [[1, 70000]], test: [[70000, 100000]], none: [[0, 1]] } }
---
kind: Stage
name: v
entity: thing
transformer: VectorAssembler
inputs: [thing.a, thing.b]
outputs: [{ column: thing.x, type: vector }]
---
kind: Stage
name: tree
entity: thing
estimator: DecisionTreeClassifier
class: supervised
inputs: [thing.x]
fitInputs: [thing.y]
outputs: [{ column: thing.p, type: double }]
---
kind: Pipeline
name: repeated
outputs: [thing.p]
fit: { split: s, parts: [train] }
${evaluate("test", "m_repeated")}
---
kind: Pipeline
name: untested
outputs: [thing.p]
fit: { split: s, parts: [train] }
${evaluate("none", "m_untested")}
`;
  };
  const start = async (pipeline: string) => {
    const done = await run(pipeline, "small");
    const [version] = await prisma().modelVersion.findMany({ where: { runId: done.id }, include: { verdicts: true } });
    return { sentence: done.modelVersions[0]?.sentence, version };
  };

  it("that repeat a training row are counted and told, and still are when their predictions are read again", async () => {
    await applySpecs(ADMIN, { documents: small() });
    for (const _ of ["computed", "read"]) {
      const { sentence, version } = await start("repeated");
      const { rows, duplicates } = (version?.metrics as { test: Record<string, number> }).test;
      expect([rows, duplicates]).toEqual([duplicates, rows]);
      expect(sentence).toMatch(
        new RegExp(`^The test score can be trusted\\..* ${rows} of ${rows} test rows \\(100 %\\) have the same values`),
      );
      expect(version?.verdicts.length).toBeGreaterThan(0);
      for (const verdict of version?.verdicts ?? []) {
        expect(verdict).toMatchObject({ verdict: "safe", warnings: ["DUPLICATE_ROWS"] });
      }
    }
  });

  it("that do not exist are said, and the score is not called trustworthy", async () => {
    const { sentence, version } = await start("untested");
    expect(version?.metrics).toMatchObject({ test: { rows: 0 } });
    expect(sentence).toMatch(/^There is no test score: no test row was scored\./);
    for (const verdict of version?.verdicts ?? []) expect(verdict.warnings).toEqual(["NO_TEST_ROWS"]);
  });
});
