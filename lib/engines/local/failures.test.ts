import { spawnSync } from "node:child_process";
import { appendFile, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DomainError } from "@/lib/domain/errors";
import { createLocalEngine } from "./local-engine";
import { makePlan, planInstances, quietControl } from "./make-plan.test-support";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
let location: string;
beforeAll(async () => {
  world = await openSmallWorld();
  location = await world.write(
    "rows.parquet",
    "SELECT range AS id, (range % 97)::DOUBLE AS x, sin(range) AS z, range % 3 = 0 AS y FROM range(400000)",
  );
});
afterAll(() => world.close());

const columns = [
  { name: "x", type: "double" as const },
  { name: "z", type: "double" as const },
  { name: "y", type: "boolean" as const },
];
const stages = [
  stage("inputs", {
    transformer: "VectorAssembler",
    inputs: ["obs.x", "obs.z"],
    outputs: [{ column: "obs.v", type: "vector" }],
  }),
  stage("model", {
    estimator: "LogisticRegression",
    inputs: ["obs.v"],
    fitInputs: ["obs.y"],
    outputs: [{ column: "obs.p", type: "double" }],
    params: { tol: 0, maxIter: 10000 },
  }),
];

async function planOf() {
  const small = { entities: [obsEntity()], sources: [obsSource(location, columns)], stages, splits: [] };
  return makePlan(world.engine, small, world.outputDirectory, {
    instances: planInstances(small, ["obs.p"]),
    materialise: ["obs.p"],
  });
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof DomainError ? error.code : String(error);
}

describe("cancelling", () => {
  it("stops in the middle of a fit and leaves nothing behind", async () => {
    const plan = await planOf();
    const abort = new AbortController();
    const control = quietControl(abort.signal);
    control.progress = ({ message }) => {
      if (message.includes("step 2")) abort.abort();
    };
    const started = performance.now();
    expect(await codeOf(world.engine.runVariant(plan, control))).toBe("canceled");
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(await world.leftovers()).toEqual([]);
  });

  it("interrupts a query that is running", async () => {
    const endless = stage("endless", {
      transformer: "sql",
      inputs: ["obs.x"],
      outputs: [{ column: "obs.n", type: "bigint" }],
      params: {
        statement: "SELECT *, (SELECT count(*) FROM __THIS__ a, __THIS__ b WHERE a.x + b.x > 1) AS n FROM __THIS__",
      },
    });
    const small = { entities: [obsEntity()], sources: [obsSource(location, columns)], stages: [endless], splits: [] };
    const plan = await makePlan(world.engine, small, world.outputDirectory, {
      instances: planInstances(small, ["obs.n"]),
      materialise: ["obs.n"],
    });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const started = performance.now();
    expect(await codeOf(world.engine.runVariant(plan, quietControl(abort.signal)))).toBe("canceled");
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await world.leftovers()).toEqual([]);
  });

  it("does not start when it was cancelled before", async () => {
    const abort = new AbortController();
    abort.abort();
    expect(await codeOf(world.engine.runVariant(await planOf(), quietControl(abort.signal)))).toBe("canceled");
    expect(await world.leftovers()).toEqual([]);
  });
});

describe("runs that fail", () => {
  it("leave nothing behind", async () => {
    const plan = await planOf();
    plan.instances[1]!.stage = { ...stages[1]!, inputs: ["obs.v"], fitInputs: ["obs.absent"] };
    expect(await codeOf(world.engine.runVariant(plan, quietControl()))).toBe("invalid");
    expect(await world.leftovers()).toEqual([]);
  });

  it("name every stage that its operator cannot be, before anything runs", async () => {
    const plan = await planOf();
    plan.instances[1]!.stage = { ...stages[1]!, params: { regParm: 1 } };
    await expect(world.engine.runVariant(plan, quietControl())).rejects.toThrow(
      /no parameter regParm\. Did you mean regParam\?/,
    );
  });

  it("refuse a file that is not the snapshot's any more, or is gone", async () => {
    const copy = join(world.folder, "copy.parquet");
    await copyFile(location, copy);
    const small = { entities: [obsEntity()], sources: [obsSource(copy, columns)], stages, splits: [] };
    const plan = await makePlan(world.engine, small, world.outputDirectory, {
      instances: planInstances(small, ["obs.p"]),
      materialise: ["obs.p"],
    });
    await appendFile(copy, "x");
    expect(await codeOf(world.engine.runVariant(plan, quietControl()))).toBe("conflict");
    await rm(copy);
    expect(await codeOf(world.engine.runVariant(plan, quietControl()))).toBe("not_found");
  });

  it("say that memory ran out in a query", async () => {
    const engine = createLocalEngine({ dataDirectory: world.dataDirectory, threads: 1, memoryLimit: "8MB" });
    const wide = stage("wide", {
      transformer: "sql",
      inputs: ["obs.x"],
      outputs: [{ column: "obs.n", type: "bigint" }],
      params: { statement: "SELECT *, len((SELECT list(b.x ORDER BY b.x) FROM __THIS__ b)) AS n FROM __THIS__" },
    });
    const small = { entities: [obsEntity()], sources: [obsSource(location, columns)], stages: [wide], splits: [] };
    const plan = await makePlan(world.engine, small, world.outputDirectory, {
      instances: planInstances(small, ["obs.n"]),
      materialise: ["obs.n"],
    });
    await expect(engine.runVariant(plan, quietControl())).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/ran out of memory.*Raise the engine's memory limit/s),
    });
    expect(await world.leftovers()).toEqual([]);
  });

  it("say what a fit would need that may not hold so much, before it begins", async () => {
    const engine = createLocalEngine({ dataDirectory: world.dataDirectory, threads: 1, memoryLimit: "8MB" });
    await expect(engine.runVariant(await planOf(), quietControl())).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/^Stage model: fitting 400,000 rows of 2 columns takes 13 MB .*it may take 4 MB/),
    });
    expect(await world.leftovers()).toEqual([]);
  });
});

describe("describe", () => {
  it("answers rows, digest and range of time", async () => {
    const timed = await world.write(
      "timed.parquet",
      "SELECT range AS id, TIMESTAMP '2024-01-01' + to_days(range::INTEGER) AS t FROM range(3)",
    );
    const found = await world.engine.describe(obsSource(timed, [], true));
    expect(found).toMatchObject({
      dataset: "observations",
      rows: 3,
      time: ["2024-01-01T00:00:00.000Z", "2024-01-03T00:00:00.000Z"],
    });
    expect(found.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("names every column that is missing or has another type", async () => {
    const source = obsSource(location, [
      { name: "x", type: "string" },
      { name: "w", type: "double" },
    ]);
    await expect(world.engine.describe(source)).rejects.toMatchObject({
      code: "invalid",
      context: {
        issues: [
          { path: ["columns", 1, "type"], expected: "string", found: "DOUBLE" },
          { path: ["columns", 2], expected: "w" },
        ],
      },
    });
  });

  it("says which value of a text file does not fit", async () => {
    const path = join(world.folder, "bad.csv");
    await writeFile(path, `id,x\n${Array.from({ length: 30000 }, (_, i) => `${i},${i}`).join("\n")}\n30000,many\n`);
    await expect(
      world.engine.describe({ ...obsSource(path, [{ name: "x", type: "bigint" }]), format: "csv" }),
    ).rejects.toThrow(/cannot be read as csv.*many/);
  });

  it.each<[string, string, RegExp]>([
    ["a missing file", "/nowhere/rows.parquet", /expects a file at \/nowhere/],
    ["a folder without such files", "/usr/lib/locale", /expects a file/],
    ["a relative path", "rows.parquet", /no folder of TRIBUTARY_SOURCES holds it/],
    ["a package that is not installed", "npm:no-such-package-here/x.csv", /npm install no-such-package-here/],
    ["a way out of the package", "npm:vega-datasets/../../package.json", /leaves its package/],
    ["a package without a path", "npm:vega-datasets", /should read npm:package\/path/],
  ])("refuses %s", async (_, path, message) => {
    await expect(world.engine.describe(obsSource(path, []))).rejects.toThrow(message);
  });

  it("reads only from the folders it was given, and from installed packages", async () => {
    const engine = createLocalEngine({
      dataDirectory: world.dataDirectory,
      threads: 1,
      memoryLimit: "1GB",
      sources: { directories: [join(world.folder, "allowed")], anywhere: false },
    });
    await expect(engine.describe(obsSource(location, columns))).rejects.toThrow(/outside the folders/);
    const inside = createLocalEngine({
      dataDirectory: world.dataDirectory,
      threads: 1,
      memoryLimit: "1GB",
      sources: { directories: [world.folder], anywhere: false },
    });
    expect((await inside.describe(obsSource(location, columns))).rows).toBe(400_000);
  });

  it("reads JSON lines", async () => {
    const path = await world.write("rows.json", "SELECT range AS id, range / 2 AS x, 'a' || range AS s FROM range(4)");
    const source = {
      ...obsSource(path, [
        { name: "x", type: "double" as const },
        { name: "s", type: "string" as const },
      ]),
      format: "json" as const,
    };
    expect((await world.engine.describe(source)).rows).toBe(4);
    const text = stage("text", {
      transformer: "sql",
      inputs: ["obs.s", "obs.x"],
      outputs: [{ column: "obs.t", type: "string" }],
      params: { statement: "SELECT *, s || ' ' || x AS t FROM __THIS__" },
    });
    expect(
      await (await world.run({ entities: [obsEntity()], sources: [source], stages: [text] })).column("obs.t"),
    ).toEqual(["a0 0.0", "a1 0.5", "a2 1.0", "a3 1.5"]);
  });

  it("refuses something that is no Parquet", async () => {
    const path = join(world.folder, "garbage.parquet");
    await writeFile(path, "not a parquet file");
    await expect(world.engine.describe(obsSource(path, []))).rejects.toThrow(/cannot be read as parquet/);
  });
});

describe("outputs", () => {
  it("of equal runs are the same file under the same name, and nothing else is left", async () => {
    const quick = stages.map((item) => (item.name === "model" ? { ...item, params: {} } : item));
    const request = {
      entities: [obsEntity()],
      sources: [obsSource(location, columns)],
      stages: quick,
      outputs: ["obs.p", "obs.v"],
    };
    const before = await world.leftovers();
    const first = await world.run(request);
    const second = await world.run(request);
    expect(second.result.outputs[0]?.snapshot).toEqual(first.result.outputs[0]?.snapshot);
    const added = (await world.leftovers()).filter((name) => !before.includes(name));
    expect(added).toEqual([`obs-${first.result.outputs[0]?.snapshot.files[0]?.sha256}.parquet`]);
  });

  it("are read in batches, the newest row of each key", async () => {
    const file = await world.write(
      "latest.parquet",
      "SELECT * FROM (VALUES ('a', TIMESTAMP '2024-01-01', 1), ('a', TIMESTAMP '2024-01-03', NULL), ('b', TIMESTAMP '2024-01-02', 9007199254740993)) t(k, t, v)",
    );
    const rows: Record<string, unknown>[] = [];
    const sizes: number[] = [];
    for await (const batch of world.engine.readRows(file, {
      columns: ["v", "t"],
      keys: ["k"],
      latestBy: "t",
      batch: 1,
    })) {
      rows.push(...batch);
      sizes.push(batch.length);
    }
    expect(sizes).toEqual([1, 1]);
    expect(rows.sort((a, b) => String(a.k).localeCompare(String(b.k)))).toEqual([
      { k: "a", v: null, t: "2024-01-03T00:00:00.000Z" },
      { k: "b", v: "9007199254740993", t: "2024-01-02T00:00:00.000Z" },
    ]);
  });
});

describe("a full disk", () => {
  it("ends a run with what to do, and shows nothing of it", async ({ skip }) => {
    const outputs = join(world.folder, "small-disk");
    await mkdir(outputs);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", outputs]).status !== 0)
      skip("a full disk: this user may not mount one");
    try {
      const small = { entities: [obsEntity()], sources: [obsSource(location, columns)], stages, splits: [] };
      const materialise = ["obs.x", "obs.z"];
      const plan = await makePlan(world.engine, small, outputs, { instances: planInstances(small, materialise), materialise }); // prettier-ignore
      await expect(world.engine.runVariant(plan, quietControl())).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(/^The disk is full: .*small-disk.*Free space and run again; nothing was published/) as string, // prettier-ignore
      });
      expect(await readdir(outputs)).toEqual([]);
    } finally {
      spawnSync("umount", ["-l", outputs]);
    }
  });
});
