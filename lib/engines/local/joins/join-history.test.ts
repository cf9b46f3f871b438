import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HistoryRequest, HistoryView } from "@/lib/domain/joins/feature-history";
import { openSmallWorld, type SmallWorld } from "../small-world.test-support";

let world: SmallWorld;
let files: Record<"base" | "window" | "facts" | "mixed", string>;
beforeAll(async () => {
  world = await openSmallWorld();
  const rows = (values: string) => `SELECT id::BIGINT AS id, "at"::TIMESTAMP AS "at", x::BIGINT AS x, x::BIGINT AS y FROM (VALUES ${values}) t(id, "at", x)`; // prettier-ignore
  files = {
    base: await world.write("base.parquet", rows("(1, '2024-01-01', 1), (1, '2024-01-03', 3), (2, '2024-01-01', 20), (1, 'infinity', 9), (1, NULL, 8)")), // prettier-ignore
    // What a window was computed anew for: one row again, one that was not there.
    window: await world.write("window.parquet", rows("(1, '2024-01-03', 30), (1, '2024-01-04', NULL)")),
    facts: await world.write("facts.parquet", "SELECT 1::BIGINT AS id, 7::BIGINT AS x UNION ALL SELECT 1, 8"),
    mixed: await world.write("mixed.parquet", "SELECT 2::BIGINT AS id, 'text' AS x"),
  };
});
afterAll(() => world.close());

const DAY = 86_400_000_000n;
const at = (day: number) => BigInt(Date.UTC(2024, 0, day)) * 1000n;

const view = (paths: string[], more: Partial<HistoryView> = {}): HistoryView => ({
  keys: [{ name: "id", type: "bigint", spine: 0 }],
  eventTime: "at",
  // The newest first, written on the 10th, the 9th and so on.
  files: paths.map((file, i) => ({ path: file, created: at(10 - i), isUnique: false, columns: ["x"] })),
  columns: [{ name: "x", type: "bigint" }],
  rule: { ttl: null, delay: 0n, boundary: "inclusive", knowledge: "event" },
  ...more,
});

/** The values of `x` for keys and days of January. */
async function join(spine: [id: number, day: number][], views: HistoryView[], more: Partial<HistoryRequest> = {}) {
  const folder = mkdtempSync(path.join(world.folder, "answer-"));
  const file = path.join(folder, "spine.json");
  writeFileSync(file, spine.map(([id, day], r) => `{"r":${r},"t":${at(day)},"k":["${id}"],"c":["${day}"]}\n`).join(""));
  const request: HistoryRequest = {
    spine: { kind: "given", file, columns: [{ name: "t", type: "string" }], time: 0, keys: ["bigint"] },
    views,
    features: views.flatMap(({ columns }) => columns.map(({ name }) => name)),
    output: { file: path.join(folder, "values"), format: "json" },
    ...more,
  };
  const { rows } = await world.engine.joinHistory(request);
  const answer = JSON.parse(`[${readFileSync(request.output.file, "utf8")}]`) as Record<string, unknown>[];
  rmSync(folder, { recursive: true });
  expect(answer).toHaveLength(rows);
  return answer.map(({ t: _, ...values }) => Object.values(values));
}

describe("values in several files", () => {
  const spine: [number, number][] = [[1, 1], [1, 3], [1, 5], [2, 5], [1, 31]]; // prettier-ignore

  it("are those of the newest file, over those that it does not hold", async () => {
    expect(await join(spine, [view([files.window, files.base])])).toEqual([[1], [30], [null], [20], [null]]);
    expect(await join(spine, [view([files.base, files.window])])).toEqual([[1], [3], [null], [20], [null]]);
  });

  it("were known from when each file was written", async () => {
    const rule = { ttl: null, delay: 0n, boundary: "inclusive", knowledge: "created" } as const;
    const days: [number, number][] = [[1, 5], [1, 9], [1, 10], [2, 10]]; // prettier-ignore
    expect(await join(days, [view([files.window, files.base], { rule })])).toEqual([[null], [3], [null], [20]]);
  });

  it("have the names that each file gives them, and belong to views of their own", async () => {
    const both = view([files.base]);
    const renamed = view([files.base], { columns: [{ name: "y", type: "bigint" }] });
    renamed.files[0] = { path: files.base, created: 0n, isUnique: false, columns: ["y"] };
    const short = { ...renamed, rule: { ...renamed.rule, ttl: DAY } };
    expect(await join([[1, 5]], [both, short])).toEqual([[3, null]]);
  });
});

describe("values without an event time", () => {
  it("hold at all times, never grow old, and are those that came last", async () => {
    const rule = { ttl: 1n, delay: 0n, boundary: "exclusive", knowledge: "event" } as const;
    for (const eventTime of [null, "at"])
      expect(await join([[1, 1], [2, 1]], [view([files.facts], { rule, eventTime })])).toEqual([[8], [null]]); // prettier-ignore
    const known = { ...rule, boundary: "inclusive", knowledge: "created" } as const;
    expect(await join([[1, 9], [1, 10]], [view([files.facts], { rule: known })])).toEqual([[null], [8]]); // prettier-ignore
  });
});

describe("values that cannot be joined", () => {
  it.each<[what: string, views: () => HistoryView[], code: string, message: RegExp]>([
    ["a file that is gone", () => [view([path.join(world.folder, "gone.parquet")])], "not_found", /gone.parquet with values of x is gone/],
    ["a column of another type", () => [view([files.mixed])], "invalid", /holds x as VARCHAR, not bigint/],
    ["a column that is not there", () => [view([files.facts], { files: [{ path: files.facts, created: 0n, isUnique: false, columns: ["z"] }] })], "invalid", /no column z/],
  ])("are named: %s", async (_, views, code, message) => {
    await expect(join([[1, 1]], views())).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string }); // prettier-ignore
  }); // prettier-ignore

  it("for rows of the spine without a moment", async () => {
    const file = path.join(world.folder, "timeless.json");
    writeFileSync(file, '{"r":0,"t":null,"k":["1"],"c":[null]}\n{"r":1,"t":1,"k":["1"],"c":[null]}\n');
    const spine = { kind: "given", file, columns: [{ name: "t", type: "string" }], time: 0, keys: ["bigint"] } as const;
    const asked = join([], [view([files.base])], { spine: { ...spine, columns: [...spine.columns], keys: [...spine.keys] } }); // prettier-ignore
    await expect(asked).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(/1 of 2 rows of the spine have no moment/) as string }); // prettier-ignore
  });
});
