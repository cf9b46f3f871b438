import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import type { CreateDeployment } from "@/lib/contracts/deployments";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { createDeployment } from "./create";
import { startJob } from "./jobs";
import { editDeployment, pauseDeployment, resumeDeployment, retireDeployment } from "./state";
import { getDeployment, listDeployments } from "./deployments";
import { applySpecs, exportSpecs } from "../specs/specs";

const ENGINE = { unsupported: () => Promise.resolve([]) };
const NOW = new Date("2026-01-05T10:20:00Z");
let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);
beforeEach(async () => {
  await prisma().run.deleteMany({ where: { jobId: { not: null }, stages: { none: {} } } });
  await prisma().runStage.deleteMany({ where: { run: { jobId: { not: null } } } });
  await prisma().run.deleteMany({ where: { jobId: { not: null } } });
  await prisma().deploymentJob.deleteMany({});
  await prisma().deployment.deleteMany({});
});

const deploy = (request: Partial<CreateDeployment> = {}, who: Principal = fixture.people.ada, engine = ENGINE) =>
  createDeployment(who, { workspace: "flights", pipeline: "late_departures", ...request }, engine, NOW);
const detail = (name: string) => getDeployment(fixture.people.ada, "flights", name);
const at = (name: string) => ({ workspace: "flights", name });
const counts = async () => [
  await prisma().deployment.count(),
  await prisma().deploymentJob.count(),
  await prisma().auditEvent.count({ where: { action: { startsWith: "deployment." } } }),
];

describe("deploying", () => {
  it("makes the deployment, its three jobs and the audit event together", async () => {
    const name = await deploy({
      schedules: { fit: " 0  6 * * 1 ", predictStaging: "*/15 * * * *", predictProduction: null },
      description: "The first one.",
    });
    const deployment = await detail(name);
    expect(deployment).toMatchObject({
      name: "late_departures",
      state: "active",
      pipeline: "late_departures",
      model: "late_model",
      createdBy: "Ada Lindqvist",
      description: "The first one.",
      aliases: { staging: null, production: null },
      actions: ["pause", "retire", "edit", "run", "backfill"],
    });
    expect(deployment.choice["airport.segment"]).toBe("airport_segments");
    expect(deployment.stages.filter((stage) => stage.kind === "estimator").map((stage) => stage.stage)).toContain(
      "late_logistic",
    );
    expect(deployment.jobs.map(({ kind, schedule, nextRunAt, alias }) => [kind, schedule, nextRunAt, alias])).toEqual([
      ["fit", "0 6 * * 1", "2026-01-12T06:00:00.000Z", null],
      ["predict_staging", "*/15 * * * *", "2026-01-05T10:30:00.000Z", "staging"],
      ["predict_production", null, null, "production"],
    ]);
    expect(
      await prisma().auditEvent.findFirst({ where: { action: "deployment.create" }, orderBy: { sequence: "desc" } }),
    ).toMatchObject({ object: "flights/deployment/late_departures", actorName: "Ada Lindqvist" });
  });

  it("lets exactly one of many win who deploy the same at once, and names the winner to the others", async () => {
    const { ada, bram, chiara, emil } = fixture.people;
    const everybody = [ada, bram, chiara, emil, ada, bram];
    const results = await Promise.allSettled(everybody.map((who, index) => deploy({ name: `try_${index}` }, who)));
    const won = results.flatMap((result, index) => (result.status === "fulfilled" ? [index] : []));
    expect(won).toHaveLength(1);
    const winner = everybody[won[0] as number] as Principal;
    for (const result of results)
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({
          code: "conflict",
          message: expect.stringContaining(`is deployed already: try_${won[0]}, by ${winner.name}`) as string,
          context: { deployment: `try_${won[0]}`, author: winner.name },
        });
    expect(await prisma().deployment.count()).toBe(1);
    expect(await prisma().deploymentJob.count()).toBe(3);
  });

  it("lets one of two win who want the same name for different variants", async () => {
    const results = await Promise.allSettled([
      deploy({ name: "late" }),
      deploy({ name: "late", pipeline: "late_departures_banded" }, fixture.people.bram),
    ]);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({
      reason: { code: "conflict", message: "There is already a deployment late. Choose another name." },
    });
    expect(await prisma().deploymentJob.count()).toBe(3);
  });

  it.each<[string, Partial<CreateDeployment>, string, RegExp]>([
    [
      "an unknown pipeline",
      { pipeline: "nothing" },
      "not_found",
      /no pipeline nothing in flights. There are late_departures/,
    ],
    [
      "a variant out of range",
      { variant: 9 },
      "invalid",
      /no variant 9 of pipeline late_departures: with these pins it has 1/,
    ],
    ["pins without a plan", { pins: { "airport.segment": "flight_label" } }, "invalid", /flight_label/],
    ["a bad schedule", { schedules: { fit: "tomorrow" } }, "invalid", /`tomorrow` cannot be kept.*`0 6 \* \* \*`/],
    ["a schedule that never comes", { schedules: { predictStaging: "0 0 30 2 *" } }, "invalid", /no year has/],
  ])("refuses %s and leaves nothing half-made", async (_, request, code, message) => {
    const before = await counts();
    const attempt = deploy(request);
    await expect(attempt).rejects.toMatchObject({ code });
    await expect(attempt).rejects.toThrow(message);
    expect(await counts()).toEqual(before);
  });

  it("refuses a variant whose stage no engine can run, by name, and readers", async () => {
    const before = await counts();
    const engine = {
      unsupported: () => Promise.resolve([{ stage: "late_tree", operator: "Tree", reason: "No engine has it." }]),
    };
    await expect(deploy({}, fixture.people.ada, engine as never)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("late_tree (Tree): No engine has it.") as string,
    });
    await expect(deploy({}, fixture.people.devi)).rejects.toMatchObject({ code: "forbidden" });
    await expect(deploy({}, fixture.stranger)).rejects.toMatchObject({ code: "not_found" });
    expect(await counts()).toEqual(before);
  });

  it("gives another variant of the pipeline another name and another model", async () => {
    await deploy();
    const second = await deploy({ pins: { "flight.late_probability": "late_tree" } });
    const third = await deploy({ pins: { "airport.segment": "airport_bands" } });
    expect([second, third]).toEqual(["late_departures_2", "late_departures_3"]);
    expect([(await detail(second)).model, (await detail(third)).model]).toEqual(["late_model_2", "late_model_3"]);
    await expect(deploy({ pipeline: "late_departures_banded", model: "late_model" })).rejects.toThrow(
      /Deployment late_departures already fits model late_model/,
    );
  });
});

describe("a deployment", () => {
  it("is paused, resumed at its next time from now, changed and retired, each with its event", async () => {
    await deploy({ schedules: { fit: "0 6 * * *" } });
    const name = at("late_departures");
    await pauseDeployment(fixture.people.bram, name);
    expect(await detail("late_departures")).toMatchObject({ state: "paused", jobs: [{ nextRunAt: null }, {}, {}] });
    await expect(pauseDeployment(fixture.people.bram, name)).rejects.toThrow("is paused, not active");
    await resumeDeployment(fixture.people.bram, name, new Date("2026-03-01T05:59:00Z"));
    expect((await detail("late_departures")).jobs[0]?.nextRunAt).toBe("2026-03-01T06:00:00.000Z");
    await editDeployment(fixture.people.bram, name, { schedules: { fit: null, predictStaging: "5 * * * *" } }, NOW);
    expect((await detail("late_departures")).jobs.map((job) => job.nextRunAt)).toEqual([
      null,
      "2026-01-05T11:05:00.000Z",
      null,
    ]);
    await expect(editDeployment(fixture.people.bram, name, { schedules: { fit: "x" } })).rejects.toThrow(/1 field/);
    const runId = await startJob(fixture.people.bram, { ...name, kind: "fit" }, {}, ENGINE);
    await retireDeployment(fixture.people.chiara, name);
    expect(await detail("late_departures")).toMatchObject({ state: "retired", actions: [] });
    expect((await prisma().run.findUniqueOrThrow({ where: { id: runId } })).state).toBe("canceled");
    for (const change of [pauseDeployment, resumeDeployment, retireDeployment])
      await expect(change(fixture.people.ada, name)).rejects.toThrow("is retired");
    await expect(startJob(fixture.people.ada, { ...name, kind: "fit" }, {}, ENGINE)).rejects.toThrow("is retired");
    const events = await prisma().auditEvent.findMany({
      where: { object: "flights/deployment/late_departures" },
      orderBy: { sequence: "desc" },
      take: 4,
    });
    expect(events.map((event) => event.action)).toEqual([
      "deployment.retire",
      "deployment.edit",
      "deployment.resume",
      "deployment.pause",
    ]);
  });

  it("frees its variant when it is retired, and keeps its name", async () => {
    await deploy();
    await retireDeployment(fixture.people.ada, at("late_departures"));
    await expect(deploy({ name: "late_departures" })).rejects.toThrow(/A retired deployment had the name/);
    expect(await deploy()).toBe("late_departures_2");
    expect((await detail("late_departures_2")).model).toBe("late_model");
  });

  it("is listed by state, pipeline and text, page by page", async () => {
    await deploy({ name: "b_one", description: "Nightly scores." });
    await deploy({ name: "a_two", pipeline: "late_departures_banded" });
    await deploy({ name: "c_three", pins: { "flight.late_probability": "late_tree" } });
    await retireDeployment(fixture.people.ada, at("c_three"));
    const list = async (query: object = {}) => {
      const page = await listDeployments(fixture.people.devi, {
        workspace: "flights",
        limit: 50,
        state: "live",
        ...query,
      });
      return [page.items.map((item) => item.name), page.total, page.nextCursor];
    };
    expect(await list()).toEqual([["a_two", "b_one"], 2, null]);
    expect(await list({ state: "all" })).toEqual([["a_two", "b_one", "c_three"], 3, null]);
    expect(await list({ state: "retired" })).toEqual([["c_three"], 1, null]);
    expect(await list({ pipeline: "late_departures_banded" })).toEqual([["a_two"], 1, null]);
    expect(await list({ q: "NIGHTLY" })).toEqual([["b_one"], 1, null]);
    expect(await list({ limit: 1 })).toEqual([["a_two"], 2, "a_two"]);
    expect(await list({ limit: 1, cursor: "a_two" })).toEqual([["b_one"], 2, null]);
    await expect(getDeployment(fixture.people.ada, "flights", "none")).rejects.toThrow(/no deployment none in flights/);
  });
});

describe("a job", () => {
  it("runs on demand once at a time, with a window for predictions only", async () => {
    await deploy();
    const start = (kind: "fit" | "predict_staging", request = {}) =>
      startJob(fixture.people.bram, { ...at("late_departures"), kind }, request, ENGINE);
    const attempts = await Promise.allSettled([1, 2, 3, 4].map(() => start("fit")));
    const started = attempts.filter((attempt) => attempt.status === "fulfilled");
    expect(started).toHaveLength(1);
    const run = await prisma().run.findFirstOrThrow({ where: { kind: "fit" }, include: { stages: true } });
    expect(run).toMatchObject({ title: "late_departures: fit flight.late_probability", state: "queued" });
    expect(run.stages.map((stage) => stage.stage)).toContain("flight_label");
    for (const attempt of attempts)
      if (attempt.status === "rejected")
        expect(attempt.reason).toMatchObject({
          code: "conflict",
          message: `Run ${run.number} of fit of late_departures is still queued. Wait for it, or cancel it.`,
        });
    const window = { from: "2001-06-01T00:00:00.000Z", to: "2001-07-01T00:00:00.000Z" };
    await expect(start("fit", window)).rejects.toThrow(/a fit learns from the rows that its pipeline names/);
    await expect(start("predict_staging", { from: window.from })).rejects.toThrow(/`from` needs a `to`/);
    await expect(start("predict_staging", { from: window.to, to: window.from })).rejects.toThrow(
      /expected a moment after/,
    );
    const id = await start("predict_staging", window);
    const predict = await prisma().run.findUniqueOrThrow({ where: { id }, include: { stages: true } });
    expect(predict.kind).toBe("predict");
    expect(predict.stages.map((stage) => stage.stage)).not.toContain("flight_label");
    expect((await detail("late_departures")).jobs[1]).toMatchObject({ lastRun: { window, reuse: null } });
  });
});

describe("applying specs", () => {
  it("does not retire what a live deployment runs on, and says which and what to do", async () => {
    await deploy();
    await deploy({ name: "banded", pipeline: "late_departures_banded" });
    const { files } = await exportSpecs(fixture.people.ada, "flights");
    const keep = (skipped: RegExp) =>
      files.flatMap(({ file, text }) => {
        const documents = text.split(/^---$/m).filter((document) => !skipped.test(document));
        return documents.length > 0 ? [{ file, text: documents.join("---") }] : [];
      });
    const prune = (skipped: RegExp) =>
      applySpecs(fixture.people.emil, { workspace: "flights", documents: keep(skipped), prune: true });
    await expect(prune(/kind: Pipeline|name: late_tree$/m)).rejects.toMatchObject({
      code: "conflict",
      message:
        "Nothing was applied. Stage late_tree is used by the deployment banded. Retire that deployment first, or deploy a variant without it; or leave it declared.",
    });
    await expect(prune(/kind: (?!Workspace|SplitPolicy)/)).rejects.toThrow(
      /Source flights is used by the deployments banded, late_departures.*Retire those deployments first/,
    );
    expect(await prisma().stage.count({ where: { retiredAt: { not: null } } })).toBe(0);
  });
});
