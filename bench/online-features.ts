import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import autocannon from "autocannon";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { closeOnlineStore, onlineStore } from "@/lib/online/open-online-store";
import { startServing } from "@/lib/serving/server";
import type { BenchRow } from "./bench-row";

const CONNECTIONS = 16;
const SECONDS = 4;
const KEYS = 10_000;
const FEATURES = 50;

/** Online features over HTTP against a bare Node server that returns a constant body of the same size, both in this process, in turn. */
export async function benchOnlineFeatures(): Promise<BenchRow[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "tributary-bench-"));
  process.env.TRIBUTARY_DATA = directory;
  process.env.TRIBUTARY_LOG_LEVEL = "warn";
  await openDatabase({ directory: null });
  await fill();
  const serving = await startServing({ host: "127.0.0.1", port: 0, authenticate: async () => SYSTEM });
  try {
    const rows: BenchRow[] = [];
    for (const [entities, features] of [
      [1, 4],
      [10, 20],
      [100, 50],
    ] as const)
      rows.push(await compare(serving.port, entities, features));
    return rows;
  } finally {
    await serving.close();
    await closeOnlineStore();
    await closeDatabase();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function compare(port: number, entities: number, features: number): Promise<BenchRow> {
  const body = JSON.stringify({
    features: Array.from({ length: features }, (_, index) => `stats:f${index}`),
    entities: { key: Array.from({ length: entities }, (_, index) => `k${(index * 97) % KEYS}`) },
  });
  const url = `http://127.0.0.1:${port}/get-online-features`;
  const headers = { authorization: "Bearer bench", "content-type": "application/json" };
  const sample = await fetch(url, { method: "POST", headers, body });
  const text = await sample.text();
  if (!sample.ok || text.includes("NOT_FOUND"))
    throw new Error(`The bench's own request failed: ${sample.status} ${text.slice(0, 200)}`);
  const bare = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  // In turn, twice each, so that a machine that slows down slows both.
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 2; round++) {
    theirs.push(await requestsPerSecond(bareUrl, headers, body));
    ours.push(await requestsPerSecond(url, headers, body));
  }
  await new Promise((resolve) => bare.close(resolve));
  const measured = Math.max(...ours);
  const limit = Math.max(...theirs);
  const ratio = measured / limit;
  return {
    name: "online features, requests per second",
    size: `${entities} × ${features}, ${CONNECTIONS} connections, ${text.length} bytes`,
    measured,
    against: "bare Node server, same body",
    limit,
    ratio,
    bar: "≥ 0.5 ×",
    ok: ratio >= 0.5,
  };
}

async function requestsPerSecond(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const result = await autocannon({
    url,
    method: "POST",
    headers,
    body,
    connections: CONNECTIONS,
    duration: SECONDS,
    workers: 1,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} requests to ${url} failed`);
  return result.requests.average;
}

/** One view of fifty doubles for ten thousand keys, promoted to production. */
async function fill(): Promise<void> {
  const by = { createdBy: "bench", updatedBy: "bench" };
  const names = Array.from({ length: FEATURES }, (_, index) => `item.f${index}`);
  const stamp = { definition: {}, digest: "bench", ...by };
  const workspace = await prisma().workspace.create({ data: { name: "bench", title: "Bench", ...stamp } });
  const within = { workspaceId: workspace.id, ...stamp };
  const entity = { kind: "Entity", name: "item", joinKeys: [{ name: "key", type: "string" }] };
  await prisma().entity.create({ data: { ...within, name: "item", definition: entity } });
  const view = await prisma().featureView.create({
    data: {
      ...within,
      name: "stats",
      entity: "item",
      features: names,
      ttlSeconds: 0,
      online: true,
      definition: { features: names },
    },
  });
  const versionIds: string[] = [];
  for (const name of names) {
    const feature = await prisma().feature.create({ data: { ...within, name, entity: "item", type: "double" } });
    const version = await prisma().featureVersion.create({
      data: { featureId: feature.id, version: 1, signature: "bench", choice: {}, createdBy: "bench" },
    });
    await prisma().pointer.create({
      data: { featureId: feature.id, environment: "production", versionId: version.id, updatedBy: "bench" },
    });
    versionIds.push(version.id);
  }
  const run = await prisma().run.create({
    data: {
      workspaceId: workspace.id,
      number: 1,
      kind: "variant",
      title: "bench",
      state: "succeeded",
      params: {},
      createdBy: "bench",
    },
  });
  const dataset = await prisma().datasetVersion.create({
    data: {
      workspaceId: workspace.id,
      dataset: "item@bench",
      version: 1,
      files: [],
      digest: "bench",
      rows: KEYS,
      createdBy: "bench",
    },
  });
  const set = await prisma().materialisation.create({
    data: {
      workspaceId: workspace.id,
      viewId: view.id,
      runId: run.id,
      datasetVersionId: dataset.id,
      featureVersionIds: versionIds,
      rows: KEYS,
    },
  });
  const rows = Array.from({ length: KEYS }, (_, key) => ({
    key: `k${key}`,
    values: names.map((_, index) => key / (index + 1)),
    eventTime: "2026-01-01T00:00:00Z",
  }));
  await onlineStore().writeSet(set.id, names.map(() => "double" as const), (async function* () { yield rows; })()); // prettier-ignore
}
