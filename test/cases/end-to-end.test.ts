/** Situations that people met, through all of the product: applied, run, put online and asked for. `table.test.ts` lists all of them. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { SYSTEM } from "@/lib/domain/principal";
import { getModelEvaluation } from "@/lib/registry/models/evaluation";
import { getModel } from "@/lib/registry/models/models";
import { getMonitor } from "@/lib/registry/monitors/monitors";
import { startBacktest } from "@/lib/registry/monitors/backtests";
import { runBacktest } from "@/lib/registry/monitors/run-backtest";
import { planSpecs } from "@/lib/registry/specs/specs";
import { type OnlineWorkspace, openOnlineWorkspace } from "../online-workspace";

const FIXTURES = "test/fixtures";
const fixture = (name: string) => readFileSync(path.join(FIXTURES, name), "utf8");

let world: OnlineWorkspace;
beforeAll(async () => {
  world = await openOnlineWorkspace("cases");
  await world.apply("kind: Workspace\nname: cases\ntitle: Cases");
});
afterAll(() => world.close());

/** A fixture's documents in this test's workspace, its files from where the fixtures are. */
const specs = (name: string) =>
  fixture(name)
    .replace(/^kind: Workspace\n(?:(?!---).+\n)*---\n/, "")
    .replaceAll("../files/", `${path.resolve(FIXTURES, "source-files")}/`);
/** An entity `NAME` over a file of the test's folder, with an online view of some of its columns. */
const viewOf = (name: string, format: string, file: string, columns: string, features: string, more = "") => `
{ kind: Entity, name: ${name}, joinKeys: [{ name: k, type: string }]${more.includes("timeColumn") ? ", eventTime: ts" : ""} }
---
kind: Source
name: ${name}s
entity: ${name}
format: ${format}
location: "{folder}/${file}"
columns: [${columns}]
rowKey: [k]
${more}
---
{ kind: FeatureView, name: ${name}_facts, entity: ${name}, features: [${features}], ttl: 0, online: true }
`;
const refused = async (documents: string) => {
  const error = await planSpecs(SYSTEM, { workspace: "cases", documents: [{ file: "c.yaml", text: documents }] }).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DomainError);
  return ((error as DomainError).context.issues as { message: string; path: unknown[] }[]).map(
    ({ message }) => message,
  );
};
const succeeded = async (pipeline: string) => {
  const run = await world.runPipeline(pipeline);
  expect([run.state, run.error]).toEqual(["succeeded", null]);
  return run;
};

describe("a model of penguins", () => {
  it("of three species is judged by its classes, and one of their mass by its errors", async () => {
    const judged = specs("specs/multiclass.yaml")
      .replace("outputs: [penguin.mass_hat]\n", "outputs: [penguin.mass_hat]\nevaluate: { split: s, test: [test], label: penguin.body_mass_g, model: m_mass, unit: [id] }\n"); // prettier-ignore
    await world.apply(judged);
    await succeeded("cluster");
    await succeeded("species");
    const [species] = (await getModel(SYSTEM, "cases", "m_species")).versions;
    expect(species?.metrics.test).toMatchObject({ classes: 3 });
    expect(species?.metrics.test?.accuracy).toBeGreaterThan(0.75);
    const { evaluation } = await getModelEvaluation(SYSTEM, "cases", { name: "m_species", version: 1 });
    expect(evaluation?.parts.test?.confusion?.classes).toEqual(["Adelie", "Gentoo", "Chinstrap"]);
    await succeeded("mass");
    const [mass] = (await getModel(SYSTEM, "cases", "m_mass")).versions;
    expect(mass?.metrics.test?.r2).toBeGreaterThan(0.4);
    expect(mass?.metrics.test).not.toHaveProperty("auc");
    expect((await getModelEvaluation(SYSTEM, "cases", { name: "m_mass", version: 1 })).evaluation?.task).toBe("regression"); // prettier-ignore
  });
});

describe("a model of a number", () => {
  it("that is a label of integers and is split by time has metrics of its kind, and a version", async () => {
    const rows = Array.from({ length: 800 }, (_, at) => {
      const day = new Date(Date.UTC(2011, 0, 1 + at)).toISOString().slice(0, 10);
      const temp = 0.5 + 0.4 * Math.sin((at / 365) * 2 * Math.PI);
      return [at + 1, day, 1 + (at % 4), at % 24, at % 2, 1 + (at % 3), temp.toFixed(4), 0.5, 0.2, Math.round(100 + 300 * temp + (at % 5))].join(","); // prettier-ignore
    });
    writeFileSync(
      path.join(world.folder, "hours.csv"),
      ["instant,dteday,season,hr,workingday,weathersit,temp,hum,windspeed,cnt", ...rows].join("\n"),
    );
    const documents = specs("specs/regression.yaml")
      .replace("../../data/bike_sharing_hour.csv", "{folder}/hours.csv")
      .replace("outputs: [bikehour.cnt_hat]\nfit", "outputs: [bikehour.cnt_hat]\nevaluate: { split: by_time, test: [test], label: bikehour.cnt, model: m_rentals, unit: [instant] }\nfit"); // prettier-ignore
    await world.apply(documents);
    await succeeded("rentals");
    const [version] = (await getModel(SYSTEM, "cases", "m_rentals")).versions;
    expect(version).toMatchObject({ version: 1 });
    expect(version?.metrics.test?.r2).toBeGreaterThan(0.9);
    expect(version?.metrics.test?.rmse).toBeLessThan(20);
    expect(version?.metrics.test).not.toHaveProperty("auc");
  });
});

describe("keys", () => {
  it("that are too long for the store are served like the others, and named", async () => {
    await world.write("long.parquet", fixture("cases/14-long-key.sql").replace(/^--.*\n/, "").replace(/;\s*$/, "")); // prettier-ignore
    await world.apply(
      viewOf("thing", "parquet", "long.parquet", "{ name: k, type: string }, { name: ts, type: timestamp }, { name: a, type: bigint }", "thing.a", "timeColumn: ts"), // prettier-ignore
    );
    await world.idle();
    const keys = ["k0", "k4", "x".repeat(3000), "x".repeat(2999)];
    expect((await world.online(["thing_facts:a"], { k: keys })).a).toEqual({
      values: [0, 4, 9, null],
      statuses: ["PRESENT", "PRESENT", "PRESENT", "NOT_FOUND"],
    });
    const warned = await prisma().runLog.findMany({ where: { level: "warn", message: { startsWith: "thing_facts" } } });
    expect(warned.map(({ message }) => message)).toEqual([expect.stringMatching(/one key is longer .*`x{80}…` \(3,000 bytes\)/)]); // prettier-ignore
  });

  it("that are missing, repeated, without a time or of the future are never served as something else", async () => {
    const columns = "{ name: k, type: string }, { name: ts, type: timestamp }, { name: a, type: bigint }";
    copyFileSync(path.join(FIXTURES, "source-files/15-row-key.csv"), path.join(world.folder, "row-key.csv"));
    await world.apply(viewOf("repeated", "csv", "row-key.csv", columns, "repeated.a", "timeColumn: ts"));
    await world.idle();
    const found = await world.online(["repeated_facts:a"], { k: ["k1", "", "k2", "null", "\u0002"] });
    expect(found.a?.statuses).toEqual(["PRESENT", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
    expect([1, 2]).toContain(found.a?.values[0]);
    writeFileSync(
      path.join(world.folder, "future.csv"),
      fixture("source-files/02-future-row.csv").replaceAll("FU,1,", "FU,").replace("country,cust,ts,big", "k,ts,a"),
    );
    await world.apply(viewOf("future", "csv", "future.csv", columns, "future.a", "timeColumn: ts"));
    await world.idle();
    expect((await world.online(["future_facts:a"], { k: ["FU"] })).a?.values).toEqual([18]);
  });

  it("of 64-bit integers beyond 2^53 are told apart", async () => {
    await world.write("large-keys.parquet", "SELECT 9007199254740992 + range AS k, range AS a FROM range(4)");
    await world.apply(
      viewOf("large", "parquet", "large-keys.parquet", "{ name: k, type: bigint }, { name: a, type: bigint }", "large.a").replace("name: k, type: string", "name: k, type: bigint"), // prettier-ignore
    );
    await world.idle();
    const keys = ["9007199254740992", "9007199254740993", "9007199254740995"];
    expect((await world.online(["large_facts:a"], { k: keys })).a?.values).toEqual([0, 1, 3]);
  });
});

describe("a statement", () => {
  it.each([
    ["a comment at its end", "SELECT *, v + 1 AS w FROM __THIS__ -- the last words"],
    ["a semicolon and a comment", "SELECT *, v + 1 AS w FROM __THIS__; -- the last words"],
    ["a comment in a block", "SELECT *, v + 1 /* -- not here */ AS w FROM __THIS__ /* the end */"],
    ["__THIS__ in a text and a comment", "SELECT *, v + length('__THIS__') - 7 AS w FROM __THIS__ -- __THIS__"],
    ["two dashes in a text", "SELECT *, v + length('--') - 1 AS w FROM __THIS__"],
  ])("with %s runs", async (_, statement) => {
    await world.write("small.parquet", "SELECT 'a' AS k, 1::BIGINT AS v");
    await world.apply(`
{ kind: Entity, name: small, joinKeys: [{ name: k, type: string }] }
---
{ kind: Source, name: smalls, entity: small, format: parquet, location: "{folder}/small.parquet", columns: [{ name: k, type: string }, { name: v, type: bigint }], rowKey: [k] }
---
{ kind: Stage, name: next, entity: small, transformer: sql, inputs: [small.v], outputs: [{ column: small.w, type: bigint }], params: { statement: ${JSON.stringify(statement)} } }
---
{ kind: FeatureView, name: small_facts, entity: small, features: [small.w], ttl: 0, online: true }
---
{ kind: Pipeline, name: nexts, outputs: [small.w] }
`);
    await succeeded("nexts");
    expect((await world.online(["small_facts:w"], { k: ["a"] })).w?.values).toEqual([2]);
  });
});

describe("a monitor on a source", () => {
  it("judges neither the key of the rows nor their time", async () => {
    await world.write(
      "evs.parquet",
      "SELECT range AS id, TIMESTAMP '2024-01-01' + to_hours(range::INT) AS t, (hash(range) % 100)::DOUBLE AS amount FROM range(2000)",
    );
    await world.apply(`
{ kind: Entity, name: ev, joinKeys: [{ name: id, type: bigint }], eventTime: t }
---
{ kind: Source, name: evs, entity: ev, format: parquet, location: "{folder}/evs.parquet", columns: [{ name: id, type: bigint }, { name: t, type: timestamp }, { name: amount, type: double }], rowKey: [id], timeColumn: t }
---
${fixture("cases/08-monitor-on-source.yaml")}`);
    await world.idle();
    const { id } = await startBacktest(SYSTEM, "m1", { workspace: "cases" });
    await runBacktest(id);
    const { verdicts } = await getMonitor(SYSTEM, "cases", "m1");
    expect(new Set(verdicts.map(({ feature }) => feature))).toEqual(new Set(["ev.amount"]));
    expect(verdicts.length).toBeGreaterThan(0);
    expect(await prisma().alert.count({ where: { monitor: { name: "m1" } } })).toBe(0);
    await world.apply(fixture("cases/08-monitor-on-source.yaml").replace("metric: psi", "metric: psi\ncolumns: [id]"));
    const chosen = await startBacktest(SYSTEM, "m1", { workspace: "cases" });
    await runBacktest(chosen.id);
    const asked = (await getMonitor(SYSTEM, "cases", "m1")).verdicts.map(({ feature }) => feature);
    expect(new Set(asked)).toEqual(new Set(["ev.id"]));
  });
});

describe("schedules that nobody can keep", () => {
  it("are refused by the plan, of a monitor and of a view", async () => {
    const around = `
{ kind: Entity, name: e1, joinKeys: [{ name: id, type: bigint }] }
---
{ kind: Source, name: s1, entity: e1, format: parquet, location: none.parquet, columns: [{ name: id, type: bigint }, { name: total, type: double }], rowKey: [id] }
---
`;
    const messages = await refused(around + fixture("cases/09-cron.yaml"));
    expect(messages).toEqual([
      expect.stringMatching(/m9: `schedule` cannot be kept: .*hour: 25/),
      expect.stringMatching(/v9: `schedule` cannot be kept: .*needs five/),
    ]);
    for (const schedule of ["60 * * * *", "* * * *", "0 3 31 2 *", "@never", ""])
      expect(await refused(around + fixture("cases/09-cron.yaml").replace("0 25 * * *", schedule))).toHaveLength(2);
  });
});

describe("a source without rules", () => {
  it("is profiled when it is declared", async () => {
    await world.write("any.parquet", "SELECT range AS id FROM range(10)");
    await world.apply(
      `{ kind: Entity, name: anything, joinKeys: [{ name: id, type: bigint }] }\n---\n${fixture("cases/13-source-without-rules.yaml").replace("entity: thing", "entity: anything").replace("name: things", "name: anythings").replace("any.parquet", "{folder}/any.parquet")}`, // prettier-ignore
    );
    await world.idle();
    expect(await prisma().profile.count({ where: { column: "anything.id", part: "all" } })).toBe(1);
  });
});

describe("a rule on times", () => {
  it("with offsets sees the instants", async () => {
    copyFileSync(path.join(FIXTURES, "source-files/01-csv-offset.csv"), path.join(world.folder, "01-csv-offset.csv"));
    await world.apply(
      `{ kind: Entity, name: cze, joinKeys: [{ name: id, type: bigint }] }\n---\n${fixture("cases/01-csv-offset.yaml").replace("location: ", "location: {folder}/")}`, // prettier-ignore
    );
    await world.idle();
    const check = await prisma().ruleCheck.findFirstOrThrow({ where: { datasetVersion: { dataset: "cz" } } });
    expect(check).toMatchObject({ success: true, evaluated: 1 });
  });
});
