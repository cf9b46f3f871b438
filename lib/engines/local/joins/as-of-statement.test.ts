import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JoinPreviewRequest } from "@/lib/contracts/joins";
import { BOUNDARIES, type JoinRule, joinAsOf, KNOWLEDGE, type SpineRow, type ViewRow } from "@/lib/domain/joins/point-in-time"; // prettier-ignore
import { quoteText } from "../quote";
import { openSession, type Session } from "../session";
import { asOfStatement } from "./as-of-statement";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-joins-"));
let session: Session;
beforeAll(async () => {
  session = await openSession({ dataDirectory: folder, threads: 2, memoryLimit: "512MB" });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

interface View {
  rows: ViewRow<string | null>[];
  rule: JoinRule;
}

const text = (value: string | null) => (value === null ? "NULL::VARCHAR" : quoteText(value));
const micros = (value: bigint | null) => `${value ?? "NULL"}::BIGINT`;
/** Rows of values in SQL; none of them have the columns' types all the same. */
const relation = (rows: string[], columns: string, empty: string) =>
  rows.length === 0 ? `(SELECT ${empty} WHERE false)` : `(VALUES ${rows.join(", ")}) t(${columns})`;

/** What the statement finds, row by row. */
async function joined(spine: SpineRow[], views: View[]): Promise<(string | null)[][]> {
  const statement = asOfStatement(
    {
      relation: relation(
        spine.map(({ entity, at }, i) => `(${text(entity)}, ${micros(at)}, ${i})`),
        "entity, asked, i",
        "NULL::VARCHAR AS entity, 0::BIGINT AS asked, 0 AS i",
      ),
      at: "asked",
      position: "i",
      columns: [{ name: "entity", sql: "entity" }],
    },
    views.map(({ rows, rule }, v) => ({
      relation: relation(
        rows.map(({ entity, event, created, value }, i) => `(${text(entity)}, ${micros(event)}, ${micros(created)}, ${text(value)}, ${i})`), // prettier-ignore
        "entity, event, created, x, i",
        "NULL::VARCHAR AS entity, 0::BIGINT AS event, 0::BIGINT AS created, NULL::VARCHAR AS x, 0 AS i",
      ),
      // One key, and the same as two.
      keys: (v % 2 === 0 ? ["entity"] : ["left(entity, 1)", "substr(entity, 2)"]).map((sql) => ({ spine: sql, view: sql })), // prettier-ignore
      event: "event",
      created: "created",
      order: "i",
      values: [{ name: `v${v}`, sql: "x" }],
      rule,
      isUnique: new Set(rows.map(({ entity, event }) => `${entity} ${event}`)).size === rows.length,
    })),
  );
  const answer = await session.rows<Record<string, string | null>>(statement);
  expect(answer.map(({ entity }) => entity)).toEqual(spine.map(({ entity }) => entity));
  return answer.map((row) => views.map((_, v) => row[`v${v}`] ?? null));
}

/** The same by the words of the rule, with a scan of all rows for each spine row. */
function scanned(spine: SpineRow[], views: View[]): (string | null)[][] {
  return spine.map(({ entity, at }) =>
    views.map(({ rows, rule: { ttl, delay, boundary, knowledge } }) => {
      const before = (one: bigint, other: bigint) => (boundary === "inclusive" ? one <= other : one < other);
      let best: ViewRow<string | null> | undefined;
      for (const row of rows) {
        if (entity === null || row.entity !== entity) continue;
        if (!before(row.event, at - delay)) continue;
        if (knowledge === "created" && !before(row.created ?? row.event, at)) continue;
        const isNewer =
          best === undefined ||
          row.event > best.event ||
          (row.event === best.event &&
            (best.created === null || (row.created !== null && row.created >= best.created)));
        if (isNewer) best = row;
      }
      if (best === undefined || (ttl !== null && ttl !== 0n && best.event < at - ttl)) return null;
      return best.value;
    }),
  );
}

const ruled = (spine: SpineRow[], views: View[]) => {
  const columns = views.map(({ rows, rule }) => joinAsOf(spine, rows, rule).map((seen) => seen?.value ?? null));
  return spine.map((_, row) => columns.map((column) => column[row] ?? null));
};

// Few moments and entities, so that rows meet: ties, boundaries and late corrections are the rule, not the exception.
const moment = fc.integer({ min: -6, max: 6 }).map((step) => BigInt(step) * 500_000n + (step % 3 === 0 ? 1n : 0n));
const entity = fc.constantFrom("u1", "u2", "1", null);
const span = fc.constantFrom(0n, 1n, 500_000n, 999_999n, 1_500_000n);
const rule: fc.Arbitrary<JoinRule> = fc.record({
  ttl: fc.option(span),
  delay: span,
  boundary: fc.constantFrom(...BOUNDARIES),
  knowledge: fc.constantFrom(...KNOWLEDGE),
});
const view: fc.Arbitrary<View> = fc.record({
  rows: fc
    .array(fc.record({ entity, event: moment, created: fc.option(moment), hasValue: fc.boolean() }), { maxLength: 25 })
    .map((rows) => rows.map(({ hasValue, ...row }, i) => ({ ...row, value: hasValue ? `row ${i}` : null }))),
  rule,
});
const spine = fc.array(fc.record({ entity, at: moment }), { maxLength: 20 });

describe("a point-in-time join", () => {
  const cases = JSON.parse(readFileSync("test/fixtures/point-in-time-cases.json", "utf8")) as { name: string }[];

  it.each(cases.map((item) => [item.name, item] as const))("gives what is expected of %s", async (_, item) => {
    const { expected } = item as unknown as { expected: Record<string, unknown>[] };
    const asked = JoinPreviewRequest.parse(item);
    const views = asked.views.map(({ rows, ttlSeconds, delaySeconds, boundary, knowledge }): View => ({
      rows: rows.map(({ entity, event_ts, created_ts, value }) => ({ entity, event: event_ts, created: created_ts ?? null, value: JSON.stringify(value) })), // prettier-ignore
      rule: { ttl: ttlSeconds ?? null, delay: delaySeconds ?? 0n, boundary, knowledge },
    }));
    const found = await joined(asked.spine.map(({ entity, t }) => ({ entity, at: t })), views); // prettier-ignore
    const rows = found.map((values, row) => ({
      id: asked.spine[row]?.id,
      ...Object.fromEntries(asked.views.map(({ name }, v) => [name, JSON.parse(values[v] ?? "null")])),
    }));
    expect(rows).toEqual(expected);
  });

  it("is by the rule and by the statement what a scan of all rows finds", async () => {
    await fc.assert(
      fc.asyncProperty(spine, fc.array(view, { maxLength: 4 }), async (rows, views) => {
        const expected = scanned(rows, views);
        expect(ruled(rows, views)).toEqual(expected);
        expect(await joined(rows, views)).toEqual(expected);
      }),
      { numRuns: 250 },
    );
  });
});
