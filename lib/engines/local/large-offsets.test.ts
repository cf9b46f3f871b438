import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { CELL, type ColumnRequest, type Profile, toRequest } from "./profile/column-request";
import { profileCounted } from "./profile/profile-counted";
import { profileSorted } from "./profile/profile-sorted";
import { profileStreamed } from "./profile/profile-streamed";
import { measureRules } from "./rules/measure-rules";
import { openSession, type Session } from "./session";

let directory: string;
let session: Session;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "offsets-"));
  session = await openSession({ dataDirectory: directory, threads: 2, memoryLimit: "500MB" });
});
afterAll(async () => {
  await session.close();
  await rm(directory, { recursive: true });
});

const ROWS = 30_000;
/** Eighths above the offset: each is a double as long as the offset is below 2^50. */
const eighths = (at: number) => (at * 7919) % 41;

/** Mean above the offset and population standard deviation by exact rational arithmetic. */
function exactly(rows: readonly number[]): { above: number; std: number } {
  const n = BigInt(rows.length);
  const sum = rows.reduce((total, at) => total + BigInt(eighths(at)), 0n);
  const squares = rows.reduce((total, at) => total + BigInt(eighths(at)) ** 2n, 0n);
  return {
    above: Number(sum) / Number(n) / 8,
    std: Math.sqrt(Number(n * squares - sum * sum)) / Number(n) / 8,
  };
}

const all = Array.from({ length: ROWS }, (_, at) => at);

async function* profileOneSorted(request: ColumnRequest): AsyncIterable<Profile[]> {
  yield* profileSorted([request]);
}

const WAYS: [string, (request: ColumnRequest) => Promise<Profile[]>][] = [
  [
    "sorted",
    async (request) => {
      for await (const found of profileOneSorted(request)) return found;
      return [];
    },
  ],
  ["counted", profileCounted],
  ["streamed", profileStreamed],
];

describe.each([1e15, -1e15, 2 ** 49 + 0.125, 0])("values near %d with a spread of a few", (offset) => {
  beforeAll(async () => {
    await session.run(
      `CREATE OR REPLACE TABLE offsets AS SELECT (i % 3)::BIGINT AS ${CELL}, i AS "__position", ${offset}::DOUBLE + (i * 7919) % 41 / 8e0 AS x FROM range(${ROWS}) t(i)`,
    );
    // Two parts, one of which is two cells, and everything.
    await session.run(
      "CREATE OR REPLACE TABLE cell_targets AS SELECT target::INTEGER AS target, cell::BIGINT AS cell FROM (VALUES (0, 0), (0, 1), (1, 2), (2, 0), (2, 1), (2, 2)) t(target, cell)",
    );
  });

  it.each(WAYS)("have mean and deviation to the last digits, %s", async (_, profile) => {
    const cells = [[0, 1], [2], [0, 1, 2]];
    const request = toRequest(
      session,
      { column: "x", instance: null, edges: null },
      { type: "double", physical: { kind: "scalar", name: "x" }, finite: false },
      "offsets",
      {
        list: cells.map((own, at) => ({ part: `part ${at}`, window: null, cells: own, reported: true })),
        reference: 2,
        windows: [],
        whole: 2,
        cell: CELL,
        rows: new Map([0, 1, 2].map((cell) => [cell, ROWS / 3])),
      },
    );
    const profiles = await profile(request);
    cells.forEach((own, at) => {
      const { above, std } = exactly(all.filter((row) => own.includes(row % 3)));
      const stats = profiles[at]?.stats;
      expect(Math.abs((stats?.mean ?? NaN) - (offset + above))).toBeLessThanOrEqual(
        Math.abs(offset) * 2 ** -52 + 1e-12,
      );
      expect((stats?.populationStd ?? NaN) / std).toBeCloseTo(1, 9);
    });
  });

  it("are judged by rules with the same figures", async () => {
    const rule = (type: string): Rule => ({ type, kwargs: { column: "x" }, severity: "critical" });
    const rules = ["mean", "stdev"].map((figure) => rule(`expect_column_${figure}_to_be_between`));
    const measured = await measureRules(session, "offsets", new Map([["x", "double"]]), rules);
    const [mean, std] = measured.map((found) => (found as { observed: Json }).observed as number);
    const exact = exactly(all);
    expect(Math.abs((mean ?? NaN) - (offset + exact.above))).toBeLessThanOrEqual(Math.abs(offset) * 2 ** -52 + 1e-12);
    expect((std ?? NaN) / (exact.std * Math.sqrt(ROWS / (ROWS - 1)))).toBeCloseTo(1, 9);
  });
});
