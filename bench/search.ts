import type { BenchRow } from "./bench-row";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { FeatureQuery } from "@/lib/contracts/features";
import { listFeatures } from "@/lib/registry/features/features";
import { openScopeFor } from "@/lib/registry/scope";

const QUERIES = 1_000;
const TIMES_KEY = 5;

/**
 * Search with typing errors, filters and facets over workspaces of three sizes, against one query by primary key behind the same
 * permission check: what a page cannot do without. p95 of both over 1,000 requests, taken in turn, so that the machine's moods
 * meet both alike.
 */
export async function benchSearch(): Promise<BenchRow[]> {
  await openDatabase({ directory: null });
  try {
    const rows: BenchRow[] = [];
    for (const size of [1_000, 10_000, 100_000]) rows.push(await measure(size));
    return rows;
  } finally {
    await closeDatabase();
  }
}

async function measure(size: number): Promise<BenchRow> {
  const random = randomNumbers(size);
  const workspace = `bench_${size}`;
  const ids = await fill(workspace, size, random);
  const asked = Array.from({ length: QUERIES }, () => queryOf(random));
  const search = (q: string) => listFeatures(SYSTEM, { ...FeatureQuery.parse({ workspace, q }), limit: 50 });
  const byKey = async (id: string) => {
    await openScopeFor(SYSTEM, workspace, "feature:read");
    return prisma().feature.findUnique({ where: { id } });
  };
  // The first search builds the index; the first queries prepare their statements.
  for (const q of asked.slice(0, 20)) await search(q);
  for (const id of ids.slice(0, 20)) await byKey(id);
  const [searches, keys]: [number[], number[]] = [[], []];
  for (const q of asked) {
    searches.push(await timed(() => search(q)));
    keys.push(await timed(() => byKey(ids[Math.floor(random() * ids.length)] as string)));
  }
  const [measured, limit] = [percentile(searches, 0.95), percentile(keys, 0.95)];
  return {
    name: "search: p95 of 1,000 queries",
    size: `${size.toLocaleString("en")} features`,
    measured,
    against: "a feature by primary key",
    limit,
    ratio: measured / limit,
    bar: `≤ ${TIMES_KEY} ×`,
    ok: measured <= TIMES_KEY * limit,
  };
}

const SUBJECTS = ["delay", "departure", "arrival", "distance", "segment", "weather", "wind", "route", "hub", "gate", "fuel", "crew", "price", "demand", "booking", "cancel", "taxi", "runway", "visibility", "turnaround"]; // prettier-ignore
const FIGURES = ["mean", "std", "share", "count", "sum", "max", "min", "rate", "rank", "median", "trend", "lag"];
const WINDOWS = ["1d", "7d", "14d", "30d", "90d", "1y"];
const OWNERS = ["network-planning", "delay-analytics", "airport-operations", "revenue", "crew-planning"];
const TYPES = ["double", "bigint", "string", "boolean"];
const TAGS = ["rolling", "traffic", "raw", "calendar", "model", "label", "reference"];

/** Rows straight into the table: what is measured is reading. Answers the ids. */
async function fill(workspace: string, size: number, random: () => number): Promise<string[]> {
  const by = { createdBy: "bench", updatedBy: "bench" };
  const { id } = await prisma().workspace.create({
    data: { name: workspace, title: workspace, definition: {}, digest: workspace, ...by },
  });
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string;
  const ids: string[] = [];
  for (let from = 0; from < size; from += 5_000) {
    const rows = Array.from({ length: Math.min(5_000, size - from) }, (_, at) => {
      const [subject, figure, window] = [pick(SUBJECTS), pick(FIGURES), pick(WINDOWS)];
      const entity = `entity_${Math.floor(random() * 40)}`;
      return {
        id: `${workspace}-${from + at}`,
        workspaceId: id,
        // A share of words that few names have, as in every real catalogue.
        name: `${entity}.${subject}_${figure}_${window}_${(from + at).toString(36)}`,
        entity,
        type: pick(TYPES),
        description: `The ${figure} of the ${subject} over ${window}, for ${pick(SUBJECTS)} and ${pick(SUBJECTS)}.`,
        owner: pick(OWNERS),
        tags: [pick(TAGS), pick(TAGS)],
        definition: {},
        digest: "bench",
        ...by,
      };
    });
    await prisma().feature.createMany({ data: rows });
    ids.push(...rows.map((row) => row.id));
  }
  return ids;
}

/** What people type: one or two words, half of them with a typing error, often with a filter. */
function queryOf(random: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string;
  const words = [pick(SUBJECTS), ...(random() < 0.6 ? [pick(FIGURES)] : [])].map((word) =>
    random() < 0.5 ? mistype(word, random) : word,
  );
  const filters = [
    `owner:${pick(OWNERS)}`,
    `type:${pick(TYPES)}`,
    `-tag:${pick(TAGS)}`,
    `entity:entity_${Math.floor(random() * 40)}`,
  ];
  return [...words, ...filters.filter(() => random() < 0.3)].join(" ");
}

function mistype(word: string, random: () => number): string {
  if (word.length < 4) return word;
  const at = 1 + Math.floor(random() * (word.length - 2));
  return word.slice(0, at) + (word[at + 1] ?? "") + (word[at] ?? "") + word.slice(at + 2);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function percentile(times: number[], share: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Mulberry32: the same features and queries in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
