import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanPreview } from "@/lib/contracts/plans";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Engine } from "@/lib/engines/engine";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { startWorker, type Worker } from "@/lib/jobs/worker";
import { EMPTY_STORE, succeeded } from "@/lib/jobs/run/run-to-end.test-support";
import { SYSTEM } from "@/lib/domain/principal";
import { getLeakageProof } from "@/lib/registry/models/leakage";
import { previewPlan } from "@/lib/registry/plans/plans";
import { applySpecs, planSpecs } from "@/lib/registry/specs/specs";
import { startRun } from "@/lib/registry/runs/start";
import { openTestDatabase } from "./open-test-database";

const DATA = path.resolve("../shared/data");
const FILE = "review_sentences.csv";
const SPECS = path.resolve("test/workspaces/reviews");
const documents = readdirSync(SPECS).map((file) => ({ file, text: readFileSync(path.join(SPECS, file), "utf8") }));
const OUTPUTS = ["review.words", "review.about_goods", "review.sentiment"];

describe.skipIf(!existsSync(path.join(DATA, FILE)))(`review sentences (of ../shared/data/${FILE})`, () => {
  const data = mkdtempSync(path.join(tmpdir(), "tributary-reviews-"));
  let engine: Engine;
  let worker: Worker;
  let preview: PlanPreview;
  beforeAll(async () => {
    process.env.TRIBUTARY_DATA = data;
    await openTestDatabase();
    engine = createLocalEngine({
      dataDirectory: path.join(data, "scratch"),
      threads: 2,
      memoryLimit: "1GB",
      sources: { directories: [DATA], anywhere: false },
    });
    await applySpecs(SYSTEM, { documents });
    worker = await startWorker({ engine, store: EMPTY_STORE });
    preview = await previewPlan(SYSTEM, { workspace: "reviews", outputs: OUTPUTS }, engine);
  });
  afterAll(async () => {
    await worker.stop();
    await closeDatabase();
    rmSync(data, { recursive: true, force: true });
  });

  /** Runs the variant with these choices to its end. */
  async function run(vector: string, sentiment: string) {
    const pins = { "review.vector": vector, "review.sentiment": sentiment };
    const id = await startRun(SYSTEM, { workspace: "reviews", pipeline: "sentiment", pins }, engine);
    const found = await succeeded(id);
    const model = await prisma().modelVersion.findFirstOrThrow({ where: { runId: id } });
    return { run: found, proof: await getLeakageProof(SYSTEM, model.id) };
  }
  type Found = Awaited<ReturnType<typeof run>>;
  const reused = ({ run: { stageList } }: Found) => stageList.filter((stage) => stage.reused).map(({ stage }) => stage);

  it("are declared by specs that show no difference when they are planned again", async () => {
    expect((await planSpecs(SYSTEM, { documents })).differences).toEqual([]);
  });

  it("plan as two strategies times two models, with one prefix for all of them", () => {
    expect(preview).toMatchObject({ total: "4", pruned: [], unsupported: [] });
    expect(preview.choices.map((choice) => [choice["review.vector"], choice["review.sentiment"]])).toEqual([
      ["hashed_weights", "sentiment_logistic"],
      ["counted_weights", "sentiment_logistic"],
      ["hashed_weights", "sentiment_bayes"],
      ["counted_weights", "sentiment_bayes"],
    ]);
    // What comes before the fork is there once, the models behind it once on each side.
    expect(preview.mergedInstances).toEqual({
      tokens: 1,
      terms: 1,
      length: 1,
      hashed: 1,
      hashed_weights: 1,
      counted: 1,
      counted_weights: 1,
      sentiment_logistic: 2,
      sentiment_bayes: 2,
      goods_label: 1,
      goods_bayes: 2,
    });
    expect(preview.predict?.every((stages) => !stages.includes("goods_label"))).toBe(true);
  });

  it("train safely where every estimator is fitted on the train part", async () => {
    const { run: made, proof } = await run("hashed_weights", "sentiment_bayes");
    const { test, train } = made.metrics as Record<string, Record<string, number>>;
    expect([train?.rows, test?.rows]).toEqual([2114, 632]);
    expect(test?.accuracy).toBeGreaterThan(0.6);
    expect(test?.auc).toBeGreaterThan(0.65);
    expect(train?.auc).toBeGreaterThan(test?.auc ?? 1);
    expect(proof).toMatchObject({ model: "sentiment", verdict: "safe" });
  });

  it("leak where the vocabulary is taken from every sentence, also when its fit is reused", async () => {
    const first = await run("counted_weights", "sentiment_bayes");
    expect(first.proof).toMatchObject({ verdict: "leak", reasons: ["FIT_COVERS_TEST"] });
    expect(reused(first)).not.toContain("counted");
    const second = await run("counted_weights", "sentiment_logistic");
    expect(second.proof.verdict).toBe("leak");
    expect(reused(second)).toEqual(expect.arrayContaining(["counted", "counted_weights", "goods_bayes"]));
    for (const { run: made } of [first, second]) {
      const { test } = made.metrics as Record<string, Record<string, number>>;
      expect(test?.accuracy).toBeGreaterThan(0.65);
      expect(test?.auc).toBeGreaterThan(0.7);
    }
  });

  it("keep both outputs of every variant apart by version", async () => {
    const versions = await prisma().featureVersion.groupBy({
      by: ["featureId"],
      where: { feature: { name: { in: OUTPUTS } } },
      _count: true,
    });
    const features = await prisma().feature.findMany({
      where: { name: { in: OUTPUTS } },
      select: { id: true, name: true },
    });
    const count = (name: string) =>
      versions.find(({ featureId }) => featureId === features.find((feature) => feature.name === name)?.id)?._count;
    expect(OUTPUTS.map(count)).toEqual([1, 2, 3]);
  });
});
