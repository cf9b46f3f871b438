import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { installationFolder } from "@/lib/config/installation";
import { log } from "@/lib/config/log";
import { prisma } from "@/lib/db/client";
import { tryLease } from "@/lib/db/lease";
import { hasEnded, type RunState } from "@/lib/domain/runs/run-states";
import { DomainError } from "@/lib/domain/errors";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import { type DemoPerson, ensureDemoPeople } from "@/lib/registry/access/demo-people";
import { applySpecs } from "@/lib/registry/specs/specs";
import { startRun } from "@/lib/registry/runs/start";
import type { Engine } from "@/lib/engines/engine";
import { loadCatalogue } from "@/lib/registry/catalogue/catalogue";
import { openScope } from "@/lib/registry/scope";
import { profileSource } from "@/lib/jobs/profile-source";
import { ensureChange, type SeededChange } from "./seed-changes";
import { ensureDeployment, ensureJobRun, type SeededDeployment } from "./seed-deployments";
import { seedAbTest, seedExperiments } from "./seed-experiments";

const DEMO_WORKSPACE = "flights";
const ONLINE_FEATURES = ["airport.departures_7d", "airport.delay_mean_7d", "airport.late_share_7d", "airport.segment"];
/** The month that no estimator of the demo is fitted on. */
const JUNE: [string, string] = ["2001-06-01T00:00:00.000Z", "2001-07-01T00:00:00.000Z"];
/** Mondays at six in the morning. */
const WEEKLY = "0 6 * * 1";
const POLL_MS = 400;
/** A view's values follow a run within a second; this only ends the waiting when something is broken. */
const ONLINE_WITHIN_MS = 120_000;

interface Demo {
  workspace: { id: string; name: string };
  people: Record<DemoPerson, Principal>;
}

/** Reported in order; `progress` is the share of the whole filling that is done. */
type Report = (progress: number, message: string) => void;

/**
 * Makes the demo's workspace and people, which takes a moment, so that somebody can sign in as soon as pages are served.
 * Null when there is nothing to fill: the workspace is ready, or is somebody's own.
 */
export async function prepareDemo(): Promise<Demo | null> {
  const known = await prisma().workspace.findUnique({ where: { name: DEMO_WORKSPACE } });
  if (known && (known.seedState === "ready" || known.seedState === null)) {
    // Broken off between making the workspace and saying that it is the demo: nothing is declared in it yet.
    const isEmpty =
      known.seedState === null && (await prisma().entity.count({ where: { workspaceId: known.id } })) === 0;
    if (!isEmpty || known.createdBy !== SYSTEM.id) return null;
  }
  // Its title and default split follow with the rest: the split has to be declared first.
  if (!known)
    await applySpecs(SYSTEM, { documents: [{ kind: "Workspace", name: DEMO_WORKSPACE, title: "Flights of 2001" }] });
  const workspace = await prisma().workspace.update({
    where: { name: DEMO_WORKSPACE },
    data: { seedState: "filling", seedMessage: "starting" },
    select: { id: true, name: true },
  });
  return { workspace, people: await ensureDemoPeople(workspace) };
}

/**
 * Fills the demo: specs, two deployments that are fitted and predict, values online, a model with a leaking and an honest version, and change requests in three states, each through the function that the
 * API calls. Every step first looks whether it was done, so that a filling that was broken off goes on. Never rejects: what
 * went wrong stands in the workspace, and the next start tries again.
 */
export async function seedDemo(demo: Demo, engine: Engine, signal: AbortSignal): Promise<void> {
  const lease = await tryLease("seed-demo");
  if (!lease) return;
  const { report, flush } = reporter(demo.workspace.id);
  try {
    await fill(demo, engine, report, signal);
    await flush("ready", 1, "ready");
    process.stdout.write("demo workspace is ready\n");
  } catch (error) {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    log().error({ err: error }, "the demo workspace could not be filled");
    await flush("failed", null, `${message} Start again to go on.`).catch(() => undefined);
    process.stdout.write(`demo workspace: failed: ${message}\n`);
  } finally {
    await lease.release();
  }
}

async function fill({ workspace, people }: Demo, engine: Engine, report: Report, signal: AbortSignal): Promise<void> {
  const { ada, bram } = people;
  report(0.01, "declaring entities, sources, stages and features");
  const specs = await readSpecs();
  const objects = specs.filter(({ file }) => file !== "workspace.yaml");
  await applySpecs(ada, { workspace: workspace.name, documents: objects });
  await applySpecs(people.emil, { workspace: workspace.name, documents: specs });
  await seedExperiments(workspace, people);
  const between =
    (from: number, to: number): Report =>
    (progress, message) =>
      report(from + (to - from) * progress, message);
  const finish = async (runId: string, what: string, from: number, to: number) => {
    await waitForRun(runId, what, between(from, to), signal);
    await waitUntilOnline(runId, signal);
  };
  const [segments, bands] = deployments(people);
  const fit = async (deployment: SeededDeployment, from: number, to: number) => {
    await ensureDeployment(workspace, deployment, engine);
    const runId = await ensureJobRun(workspace, deployment, { kind: "fit" }, engine);
    await finish(runId, deployment.pipeline, from, to);
  };
  await fit(segments, 0.03, 0.45);
  report(0.45, "promoting features");
  for (const change of firstChanges(people)) await ensureChange(workspace, change);
  await fit(bands, 0.48, 0.72);
  report(0.72, "proposing the second segmentation");
  for (const change of laterChanges(people)) await ensureChange(workspace, change);
  await finish(await ensureRun(workspace, bram, "network_reach", engine), "network_reach", 0.74, 0.85);
  for (const [index, deployment] of [segments, bands].entries()) {
    const runId = await ensureJobRun(workspace, deployment, { kind: "predict_staging", window: JUNE }, engine);
    const from = 0.85 + index * 0.04;
    await waitForRun(runId, `${deployment.pipeline} on June`, between(from, from + 0.04), signal);
  }
  // The leaking version of one model, then the honest one, so that its page has both scores.
  for (const [index, pipeline] of ["late_risk", "late_risk_honest"].entries()) {
    const from = 0.93 + index * 0.02;
    const runId = await ensureRun(workspace, bram, pipeline, engine);
    await waitForRun(runId, pipeline, between(from, from + 0.02), signal);
  }
  const scope = await openScope(bram, workspace.name);
  for (const source of (await loadCatalogue(workspace.id)).sources) {
    report(0.97, `profiling ${source.name}`);
    await profileSource(scope, source, engine, signal);
  }
  report(0.99, "comparing the two segmentations");
  await seedAbTest(workspace, people, signal);
}

/** Two segmentations of one prediction in operation; their first fits are the demo's first two runs. */
function deployments({ ada, bram }: Demo["people"]): [SeededDeployment, SeededDeployment] {
  return [
    {
      pipeline: "late_departures",
      author: ada,
      description: "Late departures with airport segments from k-means, scored by logistic regression.",
      schedules: { fit: WEEKLY },
    },
    {
      pipeline: "late_departures_banded",
      author: bram,
      description: "Late departures with traffic bands, scored by logistic regression as well.",
      schedules: { fit: WEEKLY },
    },
  ];
}

/** While the first run is the newest: dev serves the k-means segments and the model that leaks. */
function firstChanges({ ada, bram, chiara }: Demo["people"]): SeededChange[] {
  return [
    ...ONLINE_FEATURES.flatMap((feature): SeededChange[] => [
      {
        feature,
        environment: "staging",
        author: bram,
        description: `The first model of late departures reads ${feature} about the airport of departure.`,
        outcome: { state: "applied", reviewer: ada, comment: "Values agree with the query I ran by hand." },
      },
      {
        feature,
        environment: "production",
        author: bram,
        description: `${feature} has been served in staging; production follows.`,
        outcome: { state: "applied", reviewer: chiara, comment: "Definition and distribution are as described." },
      },
    ]),
    {
      feature: "flight.late_probability",
      environment: "staging",
      author: ada,
      description: "The logistic model has the better score on June.",
      outcome: {
        state: "rejected",
        reviewer: chiara,
        comment:
          "The score on June cannot be trusted: the airport segments behind it were fitted on all rows, June included. Refit airport_segments on the training part, then propose it again.",
      },
    },
  ];
}

/** After the second run: dev serves traffic bands as segments. */
function laterChanges({ ada, bram, chiara }: Demo["people"]): SeededChange[] {
  return [
    {
      feature: "airport.segment",
      environment: "staging",
      author: ada,
      description: "Traffic bands are fitted on January to April only, so models that read them can be judged on June.",
      outcome: {
        state: "applied",
        reviewer: bram,
        comment: "Agreed: the verdict of the model that reads them is safe.",
      },
    },
    {
      feature: "airport.segment",
      environment: "production",
      author: ada,
      description: "Replaces the k-means segments, which have seen June, by traffic bands, which have not.",
      outcome: { state: "in_review" },
    },
    {
      feature: "flight.late_probability",
      environment: "staging",
      author: bram,
      description: "The model on traffic bands: every estimator behind it is fitted on January to April.",
      outcome: { state: "applied", reviewer: chiara, comment: "The verdict is safe, so its score on June counts." },
    },
  ];
}

/** The id of a pipeline's run: one of an earlier filling, unless it failed, else a new one. */
async function ensureRun(
  workspace: Demo["workspace"],
  principal: Principal,
  pipeline: string,
  engine: Engine,
): Promise<string> {
  const earlier = await prisma().run.findFirst({
    where: {
      workspaceId: workspace.id,
      state: { in: ["queued", "running", "succeeded"] },
      variant: { pipeline: { name: pipeline } },
    },
    orderBy: { number: "asc" },
    select: { id: true },
  });
  return earlier?.id ?? (await startRun(principal, { workspace: workspace.name, pipeline }, engine));
}

async function waitForRun(runId: string, what: string, report: Report, signal: AbortSignal): Promise<void> {
  for (;;) {
    const run = await prisma().run.findUniqueOrThrow({
      where: { id: runId },
      select: { state: true, progress: true, message: true, number: true },
    });
    if (run.state === "succeeded") return;
    if (hasEnded(run.state as RunState))
      throw new DomainError(
        "unavailable",
        `Run ${run.number} of ${what} ${run.state === "failed" ? "failed" : "was canceled"}: ${run.message}`,
      );
    report(run.progress, `running ${what}${run.state === "queued" ? "" : `: ${run.message}`}`);
    await pause(signal);
  }
}

/** The values of a run are served when every online view that it wrote has its set. */
async function waitUntilOnline(runId: string, signal: AbortSignal): Promise<void> {
  const run = await prisma().run.findUniqueOrThrow({
    where: { id: runId },
    select: {
      workspaceId: true,
      values: { select: { featureVersion: { select: { feature: { select: { name: true } } } } } },
    },
  });
  const written = run.values.map((value) => value.featureVersion.feature.name);
  const views = await prisma().featureView.count({
    where: { workspaceId: run.workspaceId, online: true, retiredAt: null, features: { hasSome: written } },
  });
  const deadline = Date.now() + ONLINE_WITHIN_MS;
  while ((await prisma().materialisation.count({ where: { runId } })) < views) {
    if (Date.now() > deadline)
      throw new DomainError("unavailable", "The values of a run did not reach the online store. Its log says why.");
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  signal.throwIfAborted();
}

async function readSpecs(): Promise<{ file: string; text: string }[]> {
  const folder = path.join(installationFolder(), "prisma", "demo");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(path.join(folder, file), "utf8") })));
}

/** Keeps the workspace's row and the terminal up to date, the former once a second and the latter every few seconds. */
function reporter(workspaceId: string) {
  let writtenAt = 0;
  let printedAt = 0;
  let furthest = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const write = (data: { seedState?: string; seedProgress?: number; seedMessage: string }) =>
    (writing = writing
      .catch(() => undefined)
      .then(() => prisma().workspace.update({ where: { id: workspaceId }, data })));
  const report: Report = (progress, message) => {
    furthest = Math.max(furthest, progress);
    if (Date.now() - writtenAt >= 1000) {
      writtenAt = Date.now();
      write({ seedProgress: furthest, seedMessage: message }).catch(() => undefined);
    }
    if (Date.now() - printedAt >= 3000) {
      printedAt = Date.now();
      process.stdout.write(`demo workspace: ${message}, ${Math.round(furthest * 100)} %\n`);
    }
  };
  const flush = (seedState: string, progress: number | null, seedMessage: string) =>
    write({ seedState, seedMessage, ...(progress !== null && { seedProgress: progress }) });
  return { report, flush };
}
