/** A real Spark on this machine: the same plan on both engines, what it fitted scored by both, and what becomes of one that is killed. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { prisma } from "@/lib/db/client";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import { SYSTEM } from "@/lib/domain/principal";
import type { Engine } from "@/lib/engines/engine";
import { makePlan, planInstances, quietControl, toWorld } from "@/lib/engines/local/make-plan.test-support";
import { findSpark } from "@/lib/engines/spark/find-spark";
import { createSparkEngine } from "@/lib/engines/spark/spark-engine";
import { sparkSubmit } from "@/lib/engines/spark/spark-submit";
import { cancelRun } from "@/lib/registry/runs/cancel";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { startRun } from "@/lib/registry/runs/start";
import { setEnvironment } from "../channel-fixture";
import { type OnlineWorkspace, openOnlineWorkspace } from "../online-workspace";
import { sparkPython, run as execute } from "./python-environment";

/** Numbers of both engines agree to this: their minimisers stop where a step changes less. */
const CLOSE = 1e-4;
/** What one engine computes from what the other learned. */
const EQUAL = 1e-9;

/** Expressions of DuckDB's SQL with the types that they have: each must be the same on Spark, in every row. */
const EXPRESSIONS: [type: string, sql: string][] = [
  ["double", "minutes / 0"],
  ["double", "(pages - 6) / (pages - 6)"],
  ["double", "-minutes + 1.25 * pages"],
  ["bigint", "-pages * 3 + branch"],
  ["bigint", "(pages - 6) % 4"],
  ["double", "round(minutes)"],
  ["double", "round(0.5 - pages)"],
  ["double", "floor(-minutes) + ceil(minutes)"],
  ["double", "ln(minutes + 1) + exp(pages / 10) + sqrt(pages)"],
  ["bigint", "abs(pages - 6)"],
  ["double", "greatest(minutes, pages, branch) - least(minutes, branch)"],
  ["bigint", "nullif(branch, 2)"],
  ["boolean", "branch IN (1, 3) OR minutes IS NULL"],
  ["boolean", "branch NOT IN (1, 3) AND NOT bought"],
  ["boolean", "branch IS DISTINCT FROM 2"],
  ["boolean", "minutes / 0 > 1e308"],
  ["boolean", "isnan((pages - 6) / (pages - 6))"],
  ["boolean", "colour < 'e' OR colour = 'rosé'"],
  ["string", "trim('  ' || colour || ' ') || '''\\n'"],
  ["string", "CAST(branch AS VARCHAR) || CAST(bought AS VARCHAR) || CAST(CAST(seen AS DATE) AS VARCHAR)"],
  ["bigint", "length(colour) + CAST(bought AS BIGINT)"],
  ["bigint", "year(seen) * 10000 + month(seen) * 100 + day(seen)"],
  ["bigint", "EXTRACT(isodow FROM seen) * 100 + dayofyear(seen) + minute(seen)"],
  ["boolean", "seen >= TIMESTAMP '2024-01-10 12:30:00' AND CAST(seen AS DATE) < DATE '2024-01-20'"],
  ["date", "CAST(seen AS DATE)"],
  ["double", "CASE WHEN pages > 6 THEN 1 WHEN bought THEN 0.5 END"],
];
const EXPRESSION_NAMES = EXPRESSIONS.map((_, i) => `e${i}`);

const SPECS = `
kind: Workspace
name: shop
title: Shop
---
kind: Entity
name: visit
joinKeys: [{ name: id, type: bigint }]
eventTime: seen
relations: [{ name: by, entity: customer, by: customer }, { name: in, entity: branch, by: branch }]
---
kind: Entity
name: customer
joinKeys: [{ name: id, type: string }]
eventTime: since
---
kind: Entity
name: branch
joinKeys: [{ name: id, type: bigint }]
---
kind: Source
name: visits
entity: visit
format: csv
location: "{folder}/visits.csv"
timeColumn: seen
columns:
  - { name: id, type: bigint }
  - { name: seen, type: timestamp }
  - { name: customer, type: string }
  - { name: branch, type: bigint }
  - { name: pages, type: bigint }
  - { name: minutes, type: double }
  - { name: colour, type: string }
  - { name: bought, type: boolean }
rowKey: [id]
---
kind: Source
name: ranks
entity: customer
format: parquet
location: "{folder}/ranks.parquet"
timeColumn: since
columns: [{ name: id, type: string }, { name: since, type: timestamp }, { name: rank, type: bigint }]
rowKey: [id, since]
---
kind: Source
name: branches
entity: branch
format: parquet
location: "{folder}/branches.parquet"
columns: [{ name: id, type: bigint }, { name: size, type: double }]
rowKey: [id]
---
{ kind: SplitPolicy, name: s, type: hash, algo: md5-32, key: customer, salt: "x'\\\\", buckets: 100, parts: { train: [[0, 60]], test: [[60, 100]] } }
---
{ kind: Stage, name: filled, entity: visit, estimator: Imputer, inputs: [visit.minutes], outputs: [{ column: visit.filled, type: double }], params: { strategy: median } }
---
kind: Stage
name: derived
entity: visit
transformer: sql
inputs: [visit.filled, visit.pages, customer.rank, branch.size, visit.colour]
outputs:
  - { column: visit.ratio, type: double }
  - { column: visit.pace, type: double }
  - { column: visit.long, type: boolean }
  - { column: visit.trust, type: double }
  - { column: visit.shade, type: string }
  - { column: visit.day, type: bigint }
params:
  statement: >
    SELECT *, pages / (pages - 6) AS ratio, filled * 60 / 2.5 + coalesce("branch.size", 0.5) AS pace,
    pages > 6 AND filled BETWEEN 1 AND 10 AS long, coalesce("customer.rank", -1) AS trust,
    CASE WHEN colour IN ('red', 'rosé') THEN upper(colour) || ' \\\\' || CAST(length(colour) % 2 AS VARCHAR) ELSE lower(colour) END AS shade,
    dayofweek(seen) + hour(seen) AS day FROM __THIS__
---
kind: Stage
name: expressions
entity: visit
transformer: sql
inputs: [visit.minutes, visit.pages, visit.branch, visit.colour, visit.bought]
outputs: [${EXPRESSIONS.map(([type], i) => `{ column: visit.e${i}, type: ${type} }`).join(", ")}]
params:
  statement: >
    SELECT *, ${EXPRESSIONS.map(([, sql], i) => `${sql} AS e${i}`).join(", ")} FROM __THIS__
---
{ kind: Stage, name: indexed, entity: visit, estimator: StringIndexer, inputs: [visit.shade], outputs: [{ column: visit.shade_index, type: double }], params: { handleInvalid: keep } }
---
{ kind: Stage, name: hot, entity: visit, estimator: OneHotEncoder, inputs: [visit.shade_index], outputs: [{ column: visit.shade_hot, type: vector }], params: { handleInvalid: keep } }
---
{ kind: Stage, name: assembled, entity: visit, transformer: VectorAssembler, inputs: [visit.pages, visit.pace, visit.long, visit.trust, visit.day, visit.shade_hot], outputs: [{ column: visit.vector, type: vector }], params: { handleInvalid: skip } }
---
{ kind: Stage, name: scaled, entity: visit, estimator: StandardScaler, inputs: [visit.vector], outputs: [{ column: visit.scaled, type: vector }], params: { withMean: true } }
---
kind: Stage
name: buys
entity: visit
estimator: LogisticRegression
inputs: [visit.scaled]
fitInputs: [visit.bought]
outputs: [{ column: visit.buys, type: double }, { column: visit.will_buy, type: boolean }]
params: { regParam: 0.01 }
---
kind: Pipeline
name: buyers
outputs: [visit.buys, visit.will_buy, visit.scaled, visit.ratio, visit.pace, visit.shade, ${EXPRESSION_NAMES.map((name) => `visit.${name}`).join(", ")}]
fit: { split: s, parts: [train] }
evaluate: { split: s, test: [test], label: visit.bought, prediction: visit.buys, model: buyers, unit: [customer] }
`;

const VISITS = `SELECT i::BIGINT AS id, TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS seen, 'c' || (i * 7 % 60) AS customer,
  CASE WHEN i % 9 > 0 THEN i % 5 END AS branch, i * 7 % 13 AS pages, CASE WHEN i % 17 <> 0 THEN (i * 37 % 101) / 7.0 END AS minutes,
  CASE WHEN i % 23 > 0 THEN ['red', 'Green', 'rosé', 'blue'][1 + i * i % 4] END AS colour,
  (i * 37 % 101) + 5 * (i * 7 % 13) + 30 * (i % 3) > 100 AS bought FROM range(600) r(i)`;
const RANKS = `SELECT 'c' || (i % 50) AS id, TIMESTAMP '2024-01-01' + INTERVAL (i * 5) HOUR AS since, (i * 3 % 11)::BIGINT AS rank FROM range(120) r(i)`;
const BRANCHES = `SELECT i::BIGINT AS id, i * 1.5::DOUBLE AS size FROM range(4) r(i)`;
const KEYS = ["id", "seen"];
const WRITTEN = ["buys", "will_buy", "scaled", "ratio", "pace", "shade", ...EXPRESSION_NAMES];

type Row = Record<string, unknown>;

const python = await sparkPython();

describe.skipIf(!python)("Spark", () => {
  let world: OnlineWorkspace;
  let spark: Engine;
  const written: Record<string, Row[]> = {};

  beforeAll(async () => {
    world = await openOnlineWorkspace("shop", {
      withOthers: (local, dataDirectory) => {
        spark = openSpark(local, dataDirectory);
        return { ...local, other: () => ({ engine: spark }) };
      },
    });
    await world.write("visits.csv", VISITS);
    await world.write("ranks.parquet", RANKS);
    await world.write("branches.parquet", BRANCHES);
    await world.apply(SPECS);
  });
  afterAll(async () => {
    await world?.close();
    setEnvironment({});
  });

  function openSpark(local: Engine, dataDirectory: string): Engine {
    const properties = path.join(dataDirectory, "spark.conf");
    // A machine of two cores is busy enough with two partitions, and starts sooner without the second compiler.
    writeFileSync(
      properties,
      "spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC\nspark.sql.shuffle.partitions 2\nspark.ui.enabled false\nspark.driver.bindAddress 127.0.0.1\nspark.driver.host 127.0.0.1\n",
    );
    const found = findSpark({ python, master: "local[2]", properties });
    if ("whyNot" in found) throw new Error(found.whyNot);
    return createSparkEngine({ local, submitter: sparkSubmit(found.submit, process.cwd()), dataDirectory }, found.version); // prettier-ignore
  }

  async function runOn(engine: "local" | "spark") {
    const run = await world.ended(
      await startRun(SYSTEM, { workspace: "shop", pipeline: "buyers", engine }, world.engine),
    );
    expect([run.state, run.error]).toEqual(["succeeded", null]);
    written[engine] = await rowsOf(run.outputs);
    return run;
  }

  async function rowsOf(outputs: { files: unknown }[]): Promise<Row[]> {
    const file = (outputs[0]?.files as { path: string }[])[0]?.path ?? "";
    return rowsIn(path.join(world.folder, file));
  }

  async function rowsIn(file: string, columns = WRITTEN): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const batch of world.engine.readRows(file, { columns: [...KEYS, ...columns], keys: KEYS })) rows.push(...batch); // prettier-ignore
    return rows;
  }

  /** The largest difference between numbers of rows; everything else is equal, or this fails. */
  function difference(some: Row[], others: Row[]): number {
    expect(some).toHaveLength(others.length);
    let largest = 0;
    const compare = (one: unknown, other: unknown, where: string) => {
      if (Array.isArray(one) && Array.isArray(other)) {
        expect(one.length, where).toBe(other.length);
        one.forEach((value, i) => compare(value, other[i], where));
      } else if (typeof one === "number" && typeof other === "number" && Number.isFinite(one))
        largest = Math.max(largest, Math.abs(one - other) / Math.max(1, Math.abs(one)));
      else expect(one, where).toEqual(other);
    };
    some.forEach((row, i) => Object.keys(row).forEach((name) => compare(row[name], others[i]?.[name], `${name} of row ${i}`))); // prettier-ignore
    return largest;
  }

  const fitsOf = (runId: string) =>
    prisma().fit.findMany({ where: { runId }, include: { stageVersion: { include: { stage: true } } } });

  it("fits, scores and evaluates what the local engine does", async () => {
    const local = await runOn("local");
    const run = await runOn("spark");
    expect(run.engine).toBe("spark");
    expect(difference(written.local ?? [], written.spark ?? [])).toBeLessThan(CLOSE);
    const [ours, theirs] = [local, run].map(({ metrics }) => metrics as Record<string, Record<string, number>>);
    expect(Object.keys(theirs?.test ?? {})).toEqual(Object.keys(ours?.test ?? {}));
    for (const [name, value] of Object.entries(ours?.test ?? {}))
      expect(Math.abs((theirs?.test?.[name] ?? NaN) - value), name).toBeLessThan(CLOSE);
    const [own, others] = [await fitsOf(local.id), await fitsOf(run.id)];
    expect(others.map(({ engine }) => engine)).toEqual(Array.from({ length: own.length }, () => "spark"));
    for (const fit of own) {
      const other = others.find(({ stageVersionId }) => stageVersionId === fit.stageVersionId);
      const name = fit.stageVersion.stage.name;
      expect(other?.rows, name).toBe(fit.rows);
      expect(other?.fingerprint, name).not.toBe(fit.fingerprint);
      expect(other?.codeDigest, name).not.toBe(fit.codeDigest);
      const [learned, found] = [fit, other].map((one) => (one?.model as unknown as FittedModel).learned);
      expect(difference([learned as Row], [found as Row]), name).toBeLessThan(CLOSE);
    }
    const messages = run.logs.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^Spark 4\.\S+ on local\[2\] was ready after/));
    expect(messages).toContainEqual(expect.stringMatching(/^Stage buys took .* on Spark\.$/));
    expect(run.stages.every(({ state }) => state === "done")).toBe(true);
  });

  it("has its fits scored by the local engine, with equal numbers", async () => {
    const declared = toWorld(parseAllDocuments(SPECS.replaceAll("{folder}", world.folder)).map((one) => one.toJS() as Definition)); // prettier-ignore
    const fits = await prisma().fit.findMany({ where: { engine: "spark" }, include: { stageVersion: { include: { stage: true } } } }); // prettier-ignore
    const instances = planInstances(
      declared,
      WRITTEN.map((name) => `visit.${name}`),
    ).map((instance) => {
      const fit = fits.find(({ stageVersion }) => stageVersion.stage.name === instance.stage.name);
      return instance.fit && fit ? { ...instance, fit: { ...instance.fit, fitted: fit.model as unknown as FittedModel } } : instance; // prettier-ignore
    });
    const plan = await makePlan(world.engine, declared, path.join(world.folder, "scored"), { instances, materialise: WRITTEN.map((name) => `visit.${name}`) }); // prettier-ignore
    const { outputs, fits: used } = await world.engine.runVariant(plan, quietControl());
    expect(used.every(({ reused }) => reused)).toBe(true);
    expect(difference(await rowsIn(outputs[0]?.snapshot.files[0]?.path ?? ""), written.spark ?? [])).toBeLessThan(EQUAL); // prettier-ignore
  });

  it("scores in the predict job of a deployment with what it fitted", async () => {
    const name = await createDeployment(SYSTEM, { workspace: "shop", pipeline: "buyers", model: "deployed", engine: "spark" }, world.engine); // prettier-ignore
    const begin = async (kind: "fit" | "predict_staging") =>
      world.ended(await startJob(SYSTEM, { workspace: "shop", name, kind }, {}, world.engine));
    const fit = await begin("fit");
    expect([fit.state, fit.error]).toEqual(["succeeded", null]);
    // Equal fingerprints: nothing is fitted again, and Spark is not even started.
    expect(fit.logs.some(({ message }) => message.startsWith("Spark "))).toBe(false);
    const predict = await begin("predict_staging");
    expect([predict.state, predict.error, predict.engine]).toEqual(["succeeded", null, "spark"]);
    expect(difference(await rowsOf(predict.outputs), written.spark ?? [])).toBeLessThan(EQUAL);
  });

  /** Starts a run on Spark that has everything to do, and answers it when Spark is ready. */
  async function startUntilReady(): Promise<string> {
    const { engine } = world;
    await world.apply(SPECS.replace("regParam: 0.01", `regParam: ${(regParam += 0.01)}`));
    const id = await startRun(SYSTEM, { workspace: "shop", pipeline: "buyers", engine: "spark" }, engine);
    for (const end = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const lines = await prisma().runLog.findMany({ where: { runId: id, message: { startsWith: "Spark 4" } } });
      if (lines.length > 0) return id;
      const { state, error } = await prisma().run.findUniqueOrThrow({ where: { id } });
      expect([state, error]).not.toEqual(["failed", expect.anything()]);
      if (Date.now() > end) throw new Error("Spark was not ready within two minutes.");
    }
  }
  let regParam = 0.02;

  /** Processes whose command names the driver, by what Linux says of them. */
  function drivers(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${world.folder}/`);
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  it.skipIf(process.platform !== "linux")(
    "that is killed is tried again, and once more is canceled; no process is left",
    async () => {
      const id = await startUntilReady();
      const [java] = drivers().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("/") && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "java"); // prettier-ignore
      expect(java).toBeDefined();
      process.kill(java as number, "SIGKILL");
      for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100)))
        if ((await prisma().run.findUniqueOrThrow({ where: { id } })).state === "queued") break;
      const { state, message } = await prisma().run.findUniqueOrThrow({ where: { id } });
      expect([state, message]).toEqual(["queued", expect.stringMatching(/^Spark's driver ended \(signal SIGKILL\) before it was done\..* Nothing was published\. Trying again in 5 seconds\.$/)]); // prettier-ignore
      expect(drivers()).toEqual([]);
      for (const end = Date.now() + 60_000; drivers().length === 0 && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 100)); // prettier-ignore
      await cancelRun(SYSTEM, id);
      const run = await world.ended(id);
      expect([run.state, run.outputs]).toEqual(["canceled", []]);
      expect(drivers()).toEqual([]);
    },
  );

  it("has a driver whose own tests hold", () => {
    const folder = path.resolve("lib/engines/spark/driver");
    const said = execute(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", folder], "", { PYTHONDONTWRITEBYTECODE: "1" }); // prettier-ignore
    expect(said).toMatch(/\d+ passed/);
  });
});
