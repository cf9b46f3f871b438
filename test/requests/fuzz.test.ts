import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { Principal } from "@/lib/domain/principal";
import { closeOnlineStore } from "@/lib/online/open-online-store";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { routeFiles, type ServedOperation, servedOperations, UNDECLARED } from "./api-routes";
import { type Dictionary, type GeneratedRequest, RequestGenerator } from "./generate-request";
import { HAND_WRITTEN } from "./hand-written";

/** As many as the promise says. FUZZ_SEED and FUZZ_REQUESTS look further. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_010_601);

const current = vi.hoisted(() => ({ principal: null as Principal | null, thrown: null as unknown }));
vi.mock("@/lib/auth/session", () => ({ principalOfSession: () => Promise.resolve(current.principal) }));
vi.mock("@/lib/config/log", () => {
  const say = () => undefined;
  const error = ({ err }: { err?: unknown }) => (current.thrown = err);
  return { log: () => ({ error, fatal: error, warn: say, info: say, debug: say, trace: say }) };
});

const data = mkdtempSync(path.join(tmpdir(), "tributary-fuzz-"));
let fixture: Fixture;
let served: ServedOperation[];
let dictionary: Dictionary;

beforeAll(async () => {
  vi.stubEnv("TRIBUTARY_DATA", data);
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
  await openTestDatabase();
  await openQueue();
  fixture = await filledRegistry();
  served = await servedOperations();
  await sendHandWritten();
  dictionary = await names();
});

afterAll(async () => {
  await closeOnlineStore();
  await closeDatabase();
  vi.unstubAllEnvs();
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
  rmSync(data, { recursive: true, force: true });
});

/** So that what only a request makes exists: deployments, changes, back-fills, channels. */
async function sendHandWritten(): Promise<void> {
  current.principal = { ...fixture.people.emil, bindings: [{ workspaceId: null, role: "admin" }] };
  for (const { id, modelId } of await prisma().modelVersion.findMany())
    await prisma().modelAlias.create({ data: { modelId, modelVersionId: id, alias: "staging", updatedBy: "test" } });
  for (const { id, params = {}, query, body } of HAND_WRITTEN) {
    const one = served.find(({ operation }) => operation.id === id) as ServedOperation;
    const given = { params, query: new URLSearchParams(query).toString(), body: JSON.stringify(body) };
    const { response, text } = await send(one, given);
    if (!response.ok) throw new Error(`The request of ${id} is not in order: ${response.status} ${text} ${told()}`);
  }
}

/** What the registry knows, by the names that parameters and members have. */
async function names(): Promise<Dictionary> {
  const list = async <Row>(rows: Promise<Row[]>, of: (row: Row) => string) => (await rows).map(of);
  const name = (row: { name: string }) => row.name;
  const features = Object.keys(fixture.features);
  const models = await list(prisma().model.findMany(), name);
  const columns = features.map((feature) => feature.split(".")[1] as string);
  const sources = await list(prisma().source.findMany(), name);
  const outputs = await list(prisma().datasetVersion.findMany({ distinct: ["dataset"] }), (row) => row.dataset);
  const views = await list(prisma().featureView.findMany(), name);
  const pipelines = await list(prisma().pipeline.findMany(), name);
  const stages = await list(prisma().stage.findMany(), name);
  const monitors = await list(prisma().monitor.findMany(), name);
  const policies = await list(prisma().splitPolicy.findMany(), name);
  const deployments = await list(prisma().deployment.findMany(), name);
  const abTests = await list(prisma().abTest.findMany(), name);
  const changes = await list(prisma().changeRequest.findMany(), (row) => String(row.number));
  const experiments = await list(prisma().experiment.findMany(), (row) => String(row.number));
  const ids = async (rows: Promise<{ id: string }[]>) => list(rows, ({ id }) => id);
  const uuid = [
    ...(await ids(prisma().backfill.findMany())),
    ...(await ids(prisma().outboxMessage.findMany({ take: 5 }))),
    ...(await ids(prisma().invitation.findMany())),
    ...(await ids(prisma().apiToken.findMany())),
  ];
  const trainings = [...(await list(prisma().trainingDataset.findMany(), name)), "late_rows"];
  const alerts = await list(prisma().alert.findMany(), (row) => String(row.number));
  return {
    // By the noun of a path.
    features, views, sources, datasets: [...sources, ...outputs], pipelines, stages, monitors, models, deployments, workspaces: ["flights"],
    "ab-tests": abTests, changes, experiments, alerts, "concept-drift": monitors, "notification-channels": ["hook"], "training-datasets": trainings,
    // By the name of a parameter or member.
    workspace: ["flights"],
    name: [...features, ...views, ...sources, ...outputs, ...pipelines, ...stages, ...monitors, ...models],
    feature: features, column: [...features, ...columns], output: features, label: features, dataset: [...sources, ...outputs], source: sources,
    view: views, pipeline: pipelines, stage: stages, monitor: monitors, policy: policies, splitPolicy: policies, model: models,
    runId: Object.values(fixture.runs), modelVersionId: Object.values(fixture.models), window: ["2001-06", "2001-05"],
    environment: ["dev", "staging", "production"], node: [...features.map((feature) => `feature:${feature}`), ...stages.map((stage) => `stage:${stage}`), ...models.map((model) => `model:${model}`)],
    from: [...features.map((feature) => `feature:${feature}`), "2001-01-01"], to: [...features.map((feature) => `feature:${feature}`), "2001-07-01T00:00:00Z"],
    metric: ["psi", "js_distance", "natural", "ks", "auc"], schedule: ["0 6 * * 1", "* * * * *"], q: ["late", "delay departures", "seg"], reference: ["part:train", "before"],
    with: [...trainings, ...Object.values(fixture.runs)],
    documents: ["kind: Workspace\nname: flights\n", "kind: Feature\nname: x.y\n---\n[", "&a [*a]"], email: ["ada@flights.example"], uuid,
    backfillId: await ids(prisma().backfill.findMany()), tokenId: await ids(prisma().apiToken.findMany()), invitationId: await ids(prisma().invitation.findMany()),
    id: await ids(prisma().outboxMessage.findMany()), changeId: await ids(prisma().changeRequest.findMany()),
  }; // prettier-ignore
}

async function send(
  { operation, handle }: ServedOperation,
  given: GeneratedRequest,
): Promise<{ response: Response; text: string }> {
  const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent((given.params[name] ?? "x").toWellFormed()),
  );
  const request = new Request(`http://127.0.0.1:3000${address}?${given.query}`, {
    method: operation.method,
    ...(given.body !== null && { body: given.body, headers: { "content-type": "application/json" } }),
  });
  const params = Object.fromEntries(
    Object.entries(given.params).map(([name, value]) => [name, encodeURIComponent(value.toWellFormed())]),
  );
  current.thrown = null;
  const response = await handle(request, { params: Promise.resolve(params) });
  return { response, text: await readSome(response) };
}

/** What is produced while it is sent can still fail; what never ends is left. */
async function readSome(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let chunks = 0; reader && chunks < 3; chunks++) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value as Uint8Array, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/** Operations that are about no workspace, or about those that the caller sees. */
const FOR_ALL = new Set(["getMe", "listWorkspaces", "previewDriftMetric", "previewLeakage"]);

const NOT_PARSED = /The (?:path|query|body) of the request is not as expected/;

const told = () => (current.thrown instanceof Error ? current.thrown.stack?.slice(0, 700) : String(current.thrown));

describe("the API", () => {
  it("has an operation for every route and method, and a route for every operation", async () => {
    const declared = new Set(served.map(({ operation }) => operation.path));
    const undeclared = [...routeFiles().keys()].filter((address) => !declared.has(address));
    expect(undeclared.sort()).toEqual(UNDECLARED);
    // And for every method that a route's file exports: a handler that is not declared would be asked by nobody here.
    for (const [address, file] of routeFiles()) {
      if (!declared.has(address)) continue;
      const exported = Object.keys((await import(path.resolve(file))) as object);
      const methods = served
        .filter(({ operation }) => operation.path === address)
        .map(({ operation }) => operation.method);
      expect(exported.sort(), file).toEqual([...methods].sort());
    }
  });

  it(`answers ${REQUESTS} generated requests without a 5xx`, { timeout: 900_000 }, async () => {
    const generator = new RequestGenerator(SEED, dictionary, 0.1, HAND_WRITTEN);
    const callers: (Principal | null)[] = [
      ...Object.values(fixture.people),
      ...Object.values(fixture.people),
      fixture.stranger,
      null,
    ];
    const failed: string[] = [];
    const reached = new Set<string>();
    for (let at = 0; at < REQUESTS; at++) {
      const one = served[at % served.length] as ServedOperation;
      current.principal = generator.pick(callers);
      const given = generator.request(one.operation);
      const { response } = await send(one, given).catch((error: unknown) => {
        current.thrown = error;
        return { response: new Response(null, { status: 599 }) };
      });
      if (response.ok) reached.add(one.operation.id);
      const said = response.headers.get("content-type") ?? "";
      const isProblem =
        response.status < 400 ||
        said.startsWith(
          one.operation.path.startsWith("/api/serving") && one.operation.path !== "/api/serving/predict"
            ? "application/json"
            : "application/problem+json",
        );
      if (response.status >= 500 || !isProblem)
        failed.push(
          `#${at} ${one.operation.method} ${one.operation.path} ${JSON.stringify(given).slice(0, 900)} → ${response.status} ${said}\n${told()}`,
        );
    }
    expect(failed).toEqual([]);
    if (process.env.FUZZ_SHOW)
      console.error(
        reached.size,
        served.length,
        served
          .map(({ operation }) => operation.id)
          .filter((id) => !reached.has(id))
          .join(" "),
      );
    // The generator is worth little where it never comes through.
    expect(reached.size).toBeGreaterThan(served.length / 3);
  });

  it(
    "tells strangers and people of other workspaces nothing, whatever route they ask",
    { timeout: 300_000 },
    async () => {
      const generator = new RequestGenerator(SEED + 1, dictionary, 0);
      const other = await prisma().workspace.create({
        data: { name: "other", title: "Other", definition: {}, digest: "other", createdBy: "test", updatedBy: "test" },
      });
      const foreign: Principal = {
        ...fixture.stranger,
        bindings: (["admin", "author", "auditor"] as const).map((role) => ({ workspaceId: other.id, role })),
      };
      const wrong: string[] = [];
      // Who administers one workspace may make another of their own.
      for (const one of served) {
        const { id, method, path: address, anonymous } = one.operation;
        for (const [who, principal] of Object.entries({ nobody: null, stranger: fixture.stranger, foreign }))
          for (let round = 0; round < 3; round++) {
            current.principal = principal;
            const { status } = (await send(one, generator.request(one.operation))).response;
            const isFine = anonymous
              ? status < 500
              : principal === null
                ? status === 401
                : status < 500 && (status >= 400 || FOR_ALL.has(id) || (who === "foreign" && id === "createWorkspace"));
            if (!isFine) wrong.push(`${who} ${method} ${address} (${id}) → ${status} ${told()}`);
          }
      }
      expect(wrong).toEqual([]);
    },
  );

  it("answers every role on every route with what is asked, or says why not", { timeout: 300_000 }, async () => {
    const generator = new RequestGenerator(SEED + 2, dictionary, 0);
    const wrong: string[] = [];
    for (const one of served)
      for (const [who, principal] of Object.entries(fixture.people)) {
        current.principal = principal;
        const { status } = (await send(one, generator.request(one.operation))).response;
        if (status >= 500 || status === 401)
          wrong.push(`${who} ${one.operation.method} ${one.operation.path} → ${status} ${told()}`);
      }
    expect(wrong).toEqual([]);
  });

  it("is reached behind the parser on every route", { timeout: 300_000 }, async () => {
    const generator = new RequestGenerator(SEED + 3, dictionary, 0, HAND_WRITTEN);
    current.principal = { ...fixture.people.emil, bindings: [{ workspaceId: null, role: "admin" }] };
    const unreached: string[] = [];
    for (const one of served) {
      let tries = 0;
      const isParsed = async () =>
        !NOT_PARSED.test((await send(one, generator.request(one.operation))).text.slice(0, 1000));
      while (tries < 20 && !(await isParsed())) tries += 1;
      if (tries === 20) unreached.push(one.operation.id);
    }
    expect(unreached).toEqual([]);
  });
});
