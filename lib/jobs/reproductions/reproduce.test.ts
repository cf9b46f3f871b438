import { appendFileSync, chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reproduction } from "@/lib/contracts/reproductions";
import { closeDatabase, prisma } from "@/lib/db/client";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import {
  expireVersions,
  getRetention,
  pinVersion,
  setRetention,
  unpinVersion,
} from "@/lib/registry/datasets/retention";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { listRunReproductions, reproduceRun } from "@/lib/registry/reproductions/reproductions";
import { compareWithRun } from "@/lib/registry/runs/difference";
import { getRun } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs } from "@/lib/registry/specs/specs";
import { writtenFilesOf } from "@/lib/registry/stored-json";
import { openTestDatabase } from "@/test/open-test-database";
import { ADMIN, EMPTY_STORE, reproduced, succeeded } from "../run/run-to-end.test-support";
import { startWorker, type Worker } from "../worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-reproduce-"));
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
let worker: Worker;
const workspace = "people";
const file = path.join(data, "people.csv");
const log = path.join(data, "log.csv");

/** Every third person buys, the more often the larger x is. */
const people = (rows: number, seed = 5) => {
  const random = seededRandom(seed);
  const lines = Array.from({ length: rows }, (_, id) => {
    const buys = id % 3 === 0 ? 1 : 0;
    return [id, (buys + 2 * random()).toFixed(4), buys].join(",");
  });
  return `${["id,x,buys", ...lines].join("\n")}\n`;
};

const documents = [
  `kind: Workspace\nname: ${workspace}`,
  "{ kind: Entity, name: person, joinKeys: [{ name: id, type: bigint }] }",
  "{ kind: Entity, name: visit, joinKeys: [{ name: id, type: bigint }] }",
  `{ kind: Source, name: people, entity: person, format: csv, location: ${file}, columns: [{ name: id, type: bigint }, { name: x, type: double }, { name: buys, type: bigint }], rowKey: [id] }`,
  `{ kind: Source, name: visits, entity: visit, format: csv, location: ${log}, appendOnly: true, columns: [{ name: id, type: bigint }, { name: x, type: double }, { name: buys, type: bigint }], rowKey: [id] }`,
  "{ kind: SplitPolicy, name: folds, type: kfold, folds: 2, test: 0.25, source: people, seed: 3 }",
  "{ kind: Stage, name: vector, entity: person, transformer: VectorAssembler, inputs: [person.x], outputs: [{ column: person.v, type: vector }] }",
  "{ kind: Stage, name: scaled, entity: person, estimator: MinMaxScaler, inputs: [person.v], outputs: [{ column: person.s, type: vector }] }",
  "{ kind: Stage, name: model, entity: person, estimator: LogisticRegression, class: supervised, inputs: [person.s], fitInputs: [person.buys], outputs: [{ column: person.p, type: double }] }",
  "{ kind: Stage, name: bands, entity: visit, estimator: QuantileDiscretizer, inputs: [visit.x], outputs: [{ column: visit.band, type: double }], params: { numBuckets: 4 } }",
  `kind: Pipeline
name: buyers
outputs: [person.p]
fit: { split: folds, parts: [fold_0, fold_1] }
evaluate: { split: folds, test: [test], label: person.buys, model: m_buyers, unit: [id] }
crossValidate: { metric: auc }`,
  "{ kind: Stage, name: person_bands, entity: person, estimator: QuantileDiscretizer, inputs: [person.x], outputs: [{ column: person.band, type: double }], params: { numBuckets: 4 } }",
  "{ kind: Pipeline, name: visits, outputs: [visit.band] }",
  "{ kind: Pipeline, name: banded, outputs: [person.band] }",
].join("\n---\n");

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  writeFileSync(file, people(600));
  writeFileSync(log, people(50));
  await openTestDatabase();
  await applySpecs(ADMIN, { documents });
  worker = await startWorker({ engine, store: EMPTY_STORE });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function run(pipeline: string): Promise<string> {
  const id = await startRun(ADMIN, { workspace, pipeline }, engine);
  await succeeded(id);
  return id;
}

const statesOf = ({ levels }: NonNullable<Reproduction["report"]>) =>
  Object.fromEntries(levels.map(({ name, state }) => [name, state]));
const kept = () => readdirSync(path.join(data, "kept"), { recursive: true, withFileTypes: true }).filter((one) => one.isFile()); // prettier-ignore
const versions = async (dataset: string) => (await getRetention(ADMIN, { workspace, dataset, limit: 50 })).items;
const days = (n: number) => new Date(Date.now() + n * 86_400_000);

describe("a run", () => {
  let buyers: string;
  let first: string;
  let second: string;

  it("is reproduced, with its folds, and leaves nothing of the second time", async () => {
    buyers = await run("buyers");
    const counts = async () => [await prisma().fit.count(), await prisma().modelVersion.count(), await prisma().usage.count(), await prisma().datasetVersion.count({ where: { runId: { not: null } } })]; // prettier-ignore
    const before = await counts();
    const report = await reproduced(buyers);
    expect(report).toMatchObject({ verdict: "REPRODUCIBLE", summary: "It came out the same, to the last bit." });
    expect(statesOf(report)).toEqual({
      available: "identical",
      inputs: "identical",
      definitions: "identical",
      environment: "not_recorded",
      artefacts: "identical",
      metrics: "identical",
      outputs: "identical",
    });
    // Scaler and model, on both folds and on each of them.
    const findings = (name: string) => report.levels.find((level) => level.name === name)?.findings ?? [];
    expect(findings("artefacts")).toHaveLength(6);
    expect(findings("metrics").map(({ subject }) => subject)).toEqual(expect.arrayContaining(["test auc", "cross-validation"])); // prettier-ignore
    expect(await counts()).toEqual(before);
    expect(readdirSync(path.join(data, "scratch")).filter((name) => name.startsWith("reproduction"))).toEqual([]);
  });

  it("records what it ran in and what it drew by", async () => {
    const { environment, seeds, inputs } = await getRun(ADMIN, buyers);
    expect(environment).toMatchObject({ lockfile: expect.stringMatching(/^[0-9a-f]{64}$/), threads: 2, node: process.version }); // prettier-ignore
    expect(seeds).toEqual([{ of: "split policy folds", seed: 3 }]);
    expect(inputs[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("that fits or scores for a deployment is reproduced with the fits of then", async () => {
    await createDeployment(ADMIN, { workspace, pipeline: "buyers", model: "deployed" }, engine);
    for (const kind of ["fit", "predict_staging"] as const) {
      const id = await startJob(ADMIN, { workspace, name: "buyers", kind }, {}, engine);
      await succeeded(id);
      const report = await reproduced(id);
      expect(report.verdict).toBe("REPRODUCIBLE");
      expect(statesOf(report)).toMatchObject({ definitions: "identical", outputs: "identical" });
    }
  });

  it("is reproduced on the bytes that it read after the source has changed; a file that did not is kept once", async () => {
    first = await run("banded");
    expect(kept()).toHaveLength(1);
    writeFileSync(file, people(640, 6));
    second = await run("banded");
    expect(kept()).toHaveLength(2);
    expect(await versions("people")).toMatchObject([{ version: 1, trainingDatasets: [], runs: 4 }, { version: 2, expiresAt: null, runs: 1 }]); // prettier-ignore
    expect((await reproduced(first)).verdict).toBe("REPRODUCIBLE");
    expect((await reproduced(second)).verdict).toBe("REPRODUCIBLE");
    const { items } = await listRunReproductions(ADMIN, { runId: first, limit: 10 });
    expect(items.map(({ verdict }) => verdict)).toEqual(["REPRODUCIBLE"]);
  });

  it("is run on data of before, as its version or a time names them, and changes nothing of what is served", async () => {
    const pointers = () => prisma().pointer.findMany({ orderBy: { id: "asc" } });
    const [before, written] = [await pointers(), await prisma().featureValues.count()];
    const start = (asOf: object) => startRun(ADMIN, { workspace, pipeline: "banded", ...asOf }, engine);
    const { items } = await getRetention(ADMIN, { workspace, dataset: "people", limit: 50 });
    const ids = [await start({ versionAsOf: { people: 1 } }), await start({ timestampAsOf: items[0]?.recordedAt })];
    for (const id of ids) {
      const found = await succeeded(id);
      expect(found).toMatchObject({
        versionAsOf: { people: 1 },
        inputs: [{ dataset: "people", version: 1, rows: 600 }],
      });
      expect(found.outputs[0]?.digest).toBe((await getRun(ADMIN, first)).outputs[0]?.digest);
    }
    expect(await pointers()).toEqual(before);
    expect(await prisma().featureValues.count()).toBe(written);
    expect((await reproduced(ids[0] ?? "")).verdict).toBe("REPRODUCIBLE");
    expect(await compareWithRun(ADMIN, ids[0] ?? "", first)).toMatchObject({ cause: "none", data: [], parameters: [], code: [] }); // prettier-ignore
    expect(await compareWithRun(ADMIN, second, first)).toMatchObject({ cause: "data", data: [{ what: "people", before: "version 1", after: "version 2" }] }); // prettier-ignore
    await expect(start({ versionAsOf: { poeple: 1 } })).rejects.toThrow("No source `poeple` is read, so that no version of it can be. Did you mean `people`?"); // prettier-ignore
    await expect(start({ versionAsOf: { people: 9 } })).rejects.toThrow(
      "There is no version 9 of `people`; it has 1, 2.",
    );
    await expect(start({ timestampAsOf: "2001-01-01T00:00:00Z" })).rejects.toThrow(/^Nothing of `people` had been recorded by 2001-01-01T00:00:00Z: its version 1 is of/); // prettier-ignore
    await expect(start({ timestampAsOf: "2999-01-01T00:00:00Z" })).rejects.toMatchObject({ code: "invalid" });
  });

  it("has drifted where what comes out is not what it learned and wrote, which is named, but for the last places", async () => {
    const fit = await prisma().fit.findFirstOrThrow({ where: { runId: first } });
    const learn = (change: (number: number) => number) => {
      const text = JSON.stringify(fit.model).replace(/\d\.\d{3,}/, (digits) => String(change(Number(digits))));
      return prisma().fit.update({ where: { id: fit.id }, data: { model: JSON.parse(text) as object } });
    };
    await learn((number) => number * (1 + 1e-12));
    const close = await reproduced(first);
    expect(close).toMatchObject({ verdict: "REPRODUCIBLE", summary: expect.stringContaining("last places") });
    expect(close.largestDifference).toBeGreaterThan(0);
    await learn((number) => number * 1.5);
    const [output] = await prisma().datasetVersion.findMany({ where: { runId: first } });
    const [written] = writtenFilesOf(output?.files ?? []);
    const place = path.join(data, written?.path ?? "");
    const bytes = readFileSync(place);
    // Of another run: 40 rows more, and other bands.
    const [other] = await prisma().datasetVersion.findMany({ where: { dataset: "person@banded", rows: 640 } });
    const files = [{ ...writtenFilesOf(other?.files ?? [])[0], path: written?.path }];
    copyFileSync(path.join(data, writtenFilesOf(other?.files ?? [])[0]?.path ?? ""), place);
    await prisma().datasetVersion.update({ where: { id: output?.id ?? "" }, data: { files } });
    const report = await reproduced(first);
    writeFileSync(place, bytes);
    await prisma().datasetVersion.update({ where: { id: output?.id ?? "" }, data: { files: output?.files ?? [] } });
    await learn((number) => number);
    expect(report.verdict).toBe("DRIFTED");
    expect(report.summary).toMatch(/^Not what stage person_bands learned in run 4: .*The rows of person@banded@1 are others: it has 600 rows, and had 640; 40 rows are in one of the two only; band differs in \d+ rows/); // prettier-ignore
    expect(statesOf(report)).toMatchObject({ inputs: "identical", artefacts: "differs", outputs: "differs" });
  });

  it("has drifted where its source changed and nothing was kept of it, and the source is named", async () => {
    await setRetention(ADMIN, workspace, 0);
    writeFileSync(file, people(660, 7));
    const third = await run("banded");
    expect(kept()).toHaveLength(2);
    expect((await reproduced(third)).verdict).toBe("REPRODUCIBLE");
    writeFileSync(file, people(680, 8));
    const report = await reproduced(third);
    expect(report.verdict).toBe("DRIFTED");
    expect(report.summary).toContain(`${file} of people@3 has changed since it was read, and its bytes are not kept: The workspace keeps no bytes of its sources.`); // prettier-ignore
    expect(statesOf(report)).toMatchObject({ inputs: "differs", artefacts: "not_reached", outputs: "not_reached" });
    await setRetention(ADMIN, workspace, 30);
    expect((await run("banded")).length).toBeGreaterThan(0);
  });

  it("has expired once the bytes of a version are removed, and the version is named with the day", async () => {
    const [oldest] = await versions("people");
    expect(oldest).toMatchObject({ version: 1, expiredAt: null });
    await pinVersion(ADMIN, { workspace, dataset: "people", version: 1 }, "The audit of 2026 quotes it.");
    expect(await expireVersions(days(29), -1)).toMatchObject({ versions: 0 });
    // The second is replaced for long enough; the first is pinned, and the newest is what is read now.
    expect(await expireVersions(days(31), -1)).toMatchObject({ versions: 1 });
    expect(kept()).toHaveLength(2);
    expect((await reproduced(first)).verdict).toBe("REPRODUCIBLE");
    await unpinVersion(ADMIN, { workspace, dataset: "people", version: 1 });
    expect(await expireVersions(days(31), -1)).toMatchObject({ versions: 1 });
    expect(kept()).toHaveLength(1);
    const report = await reproduced(first);
    expect(report.verdict).toBe("EXPIRED");
    expect(report.summary).toMatch(/^people@1 is gone: its kept bytes were removed on \d{4}-/);
    await expect(startRun(ADMIN, { workspace, pipeline: "banded", versionAsOf: { people: 1 } }, engine)).rejects.toThrow(/^The bytes of people@1 were removed on/); // prettier-ignore
    await expect(pinVersion(ADMIN, { workspace, dataset: "people", version: 1 }, "Too late.")).rejects.toMatchObject({ code: "conflict" }); // prettier-ignore
  });

  it("of an append-only source is reproduced on the beginning of a file that has grown, and drifts when that is rewritten", async () => {
    const id = await run("visits");
    expect((await versions("visits"))[0]).toMatchObject({
      keptAt: null,
      notKept: expect.stringContaining("append-only"),
    });
    appendFileSync(log, "50,0.5,1\n");
    expect((await reproduced(id)).verdict).toBe("REPRODUCIBLE");
    // The beginning was kept anew for that.
    writeFileSync(log, people(51, 9));
    expect((await reproduced(id)).verdict).toBe("REPRODUCIBLE");
    await expireVersions(new Date(), -1);
    expect((await reproduced(id)).summary).toContain("log.csv of visits@1 has changed since it was read");
  });

  it("is reproduced by what is kept where the copy is damaged but the source is not, and drifts where both are", async () => {
    writeFileSync(file, people(700, 10));
    const id = await run("banded");
    for (const one of kept()) {
      const place = path.join(one.parentPath, one.name);
      chmodSync(place, 0o644);
      writeFileSync(place, "id,x,buys\n");
    }
    expect((await reproduced(id)).verdict).toBe("REPRODUCIBLE");
    renameSync(file, `${file}.away`);
    expect(await reproduced(id)).toMatchObject({ verdict: "EXPIRED", summary: expect.stringContaining("people@5 is gone") }); // prettier-ignore
  });
});

it("is refused for what did not succeed, and for strangers", async () => {
  const id = await startRun(ADMIN, { workspace, pipeline: "banded" }, engine);
  await expect(reproduceRun(ADMIN, id)).rejects.toMatchObject({ code: "conflict" });
  const viewer = { ...ADMIN, id: "vic", bindings: [{ workspaceId: null, role: "viewer" as const }] };
  await expect(reproduceRun(viewer, id)).rejects.toMatchObject({ code: "forbidden" });
});
