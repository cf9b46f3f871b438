/**
 * Profiles of columns over many selections at once. Numbers whose rows fit in memory are read many columns at a time and
 * sorted; a longer column with few different values is counted by value and cell in one scan; either way every figure is
 * exact. A long column with many different values is summed by cell in one scan, and only its quantiles look at the rows again.
 */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { type Frame, type FrameColumn, physicalNames } from "./frame";
import type { Frames } from "./frames";
import { CELL, type ColumnRequest, type Profile, type Wanted, toRequest } from "./profile/column-request";
import { profileCounted } from "./profile/profile-counted";
import { profileFewTexts } from "./profile/profile-few-texts";
import { profileList } from "./profile/profile-list";
import { profileSorted } from "./profile/profile-sorted";
import { profileStreamed } from "./profile/profile-streamed";
import { profileText } from "./profile/profile-text";
import { type Targets, findTargets } from "./profile-targets";
import { quoteName } from "./quote";
import type { Session } from "./session";

/** Up to so many different values a column is counted by value. */
const COUNTED_LIMIT = 50_000;
/** Up to so many rows a column is sorted here, which takes tens of milliseconds; more are left to DuckDB. */
const SORTED_ROWS = 500_000;
/** Values that are read at once to be sorted: 32 MB. */
const SORTED_VALUES = 4_000_000;

/** Texts in cells that are counted at once, and columns: a statement with more parts takes longer to plan. */
const FEW_COUNTS = 20_000;
const FEW_COLUMNS = 50;
const SAMPLED_ROWS = 4096;

export async function profileColumns(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  control: RunControl,
  say: (message: string) => void,
): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  const byFrame = new Map<Frame, { given: Wanted; found: FrameColumn }[]>();
  for (const given of plan.profile.columns) {
    const frame = await frames.holding(splitColumn(given.column)[0], [given]);
    const found = await frames.own(frame, given.column, given.instance, "The profile");
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), { given, found }]);
  }
  for (const [frame, columns] of byFrame) {
    const targets = await findTargets(session, frame, plan.profile, control.log);
    const rows = quoteName(frames.fresh(`cells of ${frame.entity.name}`));
    // A hash of every key is too dear to be computed once for each column.
    const hashed = plan.profile.selections.some(
      (selection) => selection.split && selection.split.policy.type !== "time",
    );
    const names = new Set(columns.flatMap(({ found }) => physicalNames(found.physical)).map(quoteName));
    await session.run(
      `CREATE ${hashed ? "TABLE" : "VIEW"} ${rows} AS SELECT ${[...names, `${targets.cell} AS ${CELL}`].join(", ")} FROM ${frame.relation}`,
    );
    await session.run(
      `CREATE OR REPLACE TABLE cell_targets AS SELECT CAST(target AS INTEGER) AS target, CAST(cell AS BIGINT) AS cell FROM (VALUES ${cellValues(targets)}) t(target, cell)`,
    );
    const requests = columns.map(({ given, found }) =>
      toRequest(session, given, found, rows, given.edgesOfAll ? { ...targets, reference: targets.whole } : targets),
    );
    for await (const { request, found } of profileAll(requests, say))
      profiles.push(...found.map((profile) => ({ ...profile, instance: request.given.instance })));
    await session.run(`DROP ${hashed ? "TABLE" : "VIEW"} ${rows}`);
  }
  return profiles;
}

function cellValues({ list }: Targets): string {
  const pairs = list.flatMap((target, i) => target.cells.map((cell) => `(${i}, ${cell})`));
  return pairs.length > 0 ? pairs.join(", ") : "(-1, -1)";
}

interface Found {
  request: ColumnRequest;
  found: Profile[];
}

/** Profiles of requests over one frame, in any order. */
export async function* profileAll(
  requests: readonly ColumnRequest[],
  say: (message: string) => void,
): AsyncIterable<Found> {
  const numbers = requests.filter(({ shape }) => shape === "number" || shape === "instant");
  const sortable = new Set(await findSortable(numbers));
  const most = Math.max(1, Math.floor(SORTED_VALUES / Math.max(1, totalRows(requests[0]))));
  const batched = [...sortable];
  for (let start = 0; start < batched.length; start += most) {
    const batch = batched.slice(start, start + most);
    say(`profiles of ${batch.length === 1 ? batch[0]?.name : `${batch.length} columns from ${batch[0]?.name}`}`);
    let at = 0;
    for await (const found of profileSorted(batch)) yield { request: batch[at++] as ColumnRequest, found };
  }
  const long = numbers.filter((request) => !sortable.has(request));
  const distinct = await countDistinct(long);
  for (const [i, request] of long.entries()) {
    say(`profile of ${request.name}`);
    const profile = (distinct[i] ?? 0) <= COUNTED_LIMIT ? profileCounted : profileStreamed;
    yield { request, found: await profile(request) };
  }
  const texts = requests.filter(({ shape }) => shape === "text");
  const done = new Set<ColumnRequest>();
  for (const batch of await findFewTexts(texts)) {
    say(`profiles of ${batch.length === 1 ? batch[0]?.name : `${batch.length} columns from ${batch[0]?.name}`}`);
    for (const [i, found] of (await profileFewTexts(batch, FEW_COUNTS)).entries()) {
      const request = batch[i] as ColumnRequest;
      if (!found) continue;
      done.add(request);
      yield { request, found };
    }
  }
  for (const request of requests) {
    if ((request.shape !== "text" && request.shape !== "list") || done.has(request)) continue;
    say(`profile of ${request.name}`);
    yield {
      request,
      found: request.shape === "text" ? await profileText(request) : await profileList(request, profileValues),
    };
  }
}

async function profileValues(request: ColumnRequest): Promise<Profile[]> {
  for await (const { found } of profileAll([request], () => undefined)) return found;
  return [];
}

function totalRows(request: ColumnRequest | undefined): number {
  return [...(request?.targets.rows.values() ?? [])].reduce((sum, n) => sum + n, 0);
}

/** Columns of few rows, of which a double holds every value. */
async function findSortable(requests: readonly ColumnRequest[]): Promise<ColumnRequest[]> {
  if (totalRows(requests[0]) > SORTED_ROWS) return [];
  const integers = requests.filter(({ type }) => type === "bigint");
  const [first] = integers;
  if (!first) return [...requests];
  const greatest = `${Number.MAX_SAFE_INTEGER}`;
  const asked = integers.map(
    ({ value }, i) => `coalesce(bool_and(${value} BETWEEN -${greatest} AND ${greatest}), true) AS c${i}`,
  );
  const safe = await first.session.row<Record<string, boolean>>(`SELECT ${asked.join(", ")} FROM ${first.rows}`);
  return requests.filter((request) => request.type !== "bigint" || safe[`c${integers.indexOf(request)}`]);
}

/** Columns with few different texts, in batches whose counts are few enough to be held here. */
async function findFewTexts(requests: readonly ColumnRequest[]): Promise<ColumnRequest[][]> {
  // The first rows tell most of the time, and what they tell wrongly is found when it is counted.
  const sampled = requests.map((request) => ({ ...request, rows: `(FROM ${request.rows} LIMIT ${SAMPLED_ROWS})` }));
  const distinct = await countDistinct(sampled);
  const cells = requests[0]?.targets.rows.size ?? 0;
  const batches: ColumnRequest[][] = [];
  let room = 0;
  for (const [i, request] of requests.entries()) {
    const counts = ((distinct[i] ?? 0) + 1) * Math.max(1, cells);
    if (counts > FEW_COUNTS || (distinct[i] ?? 0) > SAMPLED_ROWS / 2) continue;
    if (counts > room || (batches.at(-1)?.length ?? 0) >= FEW_COLUMNS) {
      batches.push([]);
      room = FEW_COUNTS;
    }
    batches.at(-1)?.push(request);
    room -= counts;
  }
  return batches;
}

async function countDistinct(requests: readonly ColumnRequest[]): Promise<number[]> {
  const [first] = requests;
  if (!first) return [];
  const asked = requests.map(({ value }, i) => `approx_count_distinct(${value}) AS c${i}`);
  const row = await first.session.row<Record<string, number>>(`SELECT ${asked.join(", ")} FROM ${first.rows}`);
  return requests.map((_, i) => row[`c${i}`] ?? 0);
}
