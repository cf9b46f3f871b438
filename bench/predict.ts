import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { engine } from "@/lib/engines/current-engine";
import { startWorker } from "@/lib/jobs/worker";
import { closeOnlineStore, onlineStore } from "@/lib/online/open-online-store";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { applySpecs } from "@/lib/registry/specs/specs";
import { startServing } from "@/lib/serving/server";
import type { BenchRow } from "./bench-row";

const ROUNDS = 60;
const WARM_UP = 20;
const MOST_TIMES = 3;
const FEATURES = ["departures_7d", "delay_mean_7d", "late_share_7d", "segment"];
const AIRPORTS = ["ATL", "ORD", "DFW", "LAX", "PHX", "DEN", "DTW", "STL", "MSP", "IAH", "LAS", "SFO", "PHL", "CLT", "EWR"]; // prettier-ignore

/**
 * Predictions of the demo's model for rows that are given by keys, against reading alone what it reads, in one request: the features of
 * the airports of departure and of arrival. Both over HTTP from the bare server of this process, one request after the other, in turn.
 */
export async function benchPredict(): Promise<BenchRow[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "tributary-bench-"));
  process.env.TRIBUTARY_DATA = directory;
  process.env.TRIBUTARY_LOG_LEVEL = "warn";
  await openDatabase({ directory: null });
  const worker = await startWorker({ engine: engine(), store: onlineStore() });
  const serving = await startServing({ host: "127.0.0.1", port: 0, authenticate: async () => SYSTEM });
  try {
    await fill();
    // What profiles the sources takes every core for minutes.
    await worker.stop();
    const rows: BenchRow[] = [];
    for (const size of [1, 10, 100, 1000]) rows.push(await compare(serving.port, size));
    return rows;
  } finally {
    await serving.close();
    engine().close();
    await closeOnlineStore();
    await closeDatabase();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function compare(port: number, size: number): Promise<BenchRow> {
  const of = (offset: number) => Array.from({ length: size }, (_, i) => AIRPORTS[(i * 7 + offset) % AIRPORTS.length]);
  const asks = {
    features: {
      address: "/get-online-features",
      body: { features: FEATURES.map((name) => `airport_stats:${name}`), entities: { iata: [...of(0), ...of(3)] } },
    },
    predictions: {
      address: "/predict",
      body: {
        model: "late_departures",
        entities: {
          origin: of(0),
          destination: of(3),
          distance: of(0).map((_, i) => 100 + (i % 20) * 100),
          date: of(0).map((_, i) => `2001-07-01T${String(i % 24).padStart(2, "0")}:10:00Z`),
        },
      },
    },
  };
  const times: Record<keyof typeof asks, number[]> = { features: [], predictions: [] };
  for (let round = 0; round < ROUNDS + WARM_UP; round++)
    for (const [name, { address, body }] of Object.entries(asks)) {
      const since = performance.now();
      const answer = await fetch(`http://127.0.0.1:${port}${address}`, {
        method: "POST",
        headers: { authorization: "Bearer bench", "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok || text.includes("NOT_FOUND"))
        throw new Error(`The bench's own request failed: ${answer.status} ${text.slice(0, 500)}`);
      if (round >= WARM_UP) times[name as keyof typeof asks].push(performance.now() - since);
    }
  const [measured, limit] = [median(times.predictions), median(times.features)];
  const ratio = measured / limit;
  return {
    name: "predictions by keys, milliseconds",
    size: `${size} rows`,
    measured,
    against: `reading ${FEATURES.length} features of ${2 * size} keys`,
    limit,
    ratio,
    bar: size === 100 ? `≤ ${MOST_TIMES} ×` : "–",
    ok: size !== 100 || ratio <= MOST_TIMES,
  };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The demo's files, its model fitted, and what it reads promoted. */
async function fill(): Promise<void> {
  const folder = "prisma/demo";
  const documents = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && file !== "monitors.yaml")
    .sort((one, other) => Number(other === "workspace.yaml") - Number(one === "workspace.yaml"))
    .map((file) => ({ file, text: readFileSync(path.join(folder, file), "utf8") }));
  await applySpecs(SYSTEM, { documents });
  const asked = { workspace: "flights", pipeline: "late_departures", model: "late_departures" };
  await createDeployment(SYSTEM, asked, engine());
  const id = await startJob(SYSTEM, { workspace: "flights", name: "late_departures", kind: "fit" }, {}, engine());
  for (;;) {
    const run = await prisma().run.findUniqueOrThrow({ where: { id }, include: { materialisations: true } });
    if (run.state === "failed") throw new Error(`The fit failed: ${run.message}`);
    if (run.state === "succeeded" && run.materialisations.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const versions = await prisma().featureVersion.findMany({ where: { feature: { entity: "airport" } } });
  for (const { featureId, id: versionId } of versions)
    await prisma().pointer.upsert({
      where: { featureId_environment: { featureId, environment: "production" } },
      create: { featureId, environment: "production", versionId, updatedBy: SYSTEM.id },
      update: { versionId },
    });
  const version = await prisma().modelVersion.findFirstOrThrow({ where: { model: { name: asked.model } } });
  await prisma().modelAlias.create({
    data: { modelId: version.modelId, alias: "production", modelVersionId: version.id, updatedBy: SYSTEM.id },
  });
}
