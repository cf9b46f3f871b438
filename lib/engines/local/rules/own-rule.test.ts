import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeRule } from "@/lib/domain/rules/judge-rule";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import type { OutputToCheck } from "@/lib/domain/rules/output-to-check";
import { createLocalEngine } from "../local-engine";
import { openSession } from "../session";

let directory: string;
let output: OutputToCheck;
const engine = () => createLocalEngine({ dataDirectory: directory, threads: 1, memoryLimit: "500MB" });

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "own-rules-"));
  const session = await openSession({ dataDirectory: directory, threads: 1, memoryLimit: "500MB" });
  const file = path.join(directory, "orders.parquet");
  // The label is known up to 2001-01-05; `leak` repeats it in the training days only, `late` always has something to do with it.
  await session.run(`COPY (
    SELECT i AS id, TIMESTAMP '2001-01-01' + INTERVAL (i // 100) DAY AS day, i % 3 = 0 AS is_late,
      CASE WHEN i < 500 THEN (i % 3 = 0)::INTEGER ELSE i % 7 END::DOUBLE AS leak,
      (i % 3 = 0)::INTEGER * 10 + i % 17 AS late,
      CASE WHEN i % 10 = 0 THEN 'Infinity'::DOUBLE ELSE i * 2.0 END AS double_id, 5 AS constant,
      'user-' || i AS name, CASE WHEN i % 3 = 0 THEN 'yes' ELSE 'no' END AS answer,
      CASE WHEN i = 77 THEN 'Ask ada@example.org or 4111 1111 1111 1111' WHEN i % 2 = 0 THEN NULL ELSE 'fine ' || i END AS note,
      'x' AS phone_number, i::DOUBLE AS amount
    FROM range(1000) t(i)) TO '${file}' (FORMAT parquet)`);
  await session.close();
  output = {
    entity: { kind: "Entity", name: "order", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "day" },
    files: [file],
    columns: [
      ...(["leak", "double_id", "amount"] as const).map((name) => ({ name, file: name, type: "double" as const })),
      ...(["late", "constant"] as const).map((name) => ({ name, file: name, type: "bigint" as const })),
      ...(["name", "answer", "note", "phone_number"] as const).map((name) => ({ name, file: name, type: "string" as const })),
      { name: "is_late", file: "is_late", type: "boolean" },
      { name: "renamed", file: "answer", type: "string" },
    ],
    train: null,
    milliseconds: { leak: 12.5 },
  }; // prettier-ignore
});

afterAll(() => rm(directory, { recursive: true }));

async function check(type: string, kwargs: Rule["kwargs"], on: OutputToCheck = output) {
  const rule: Rule = { type, kwargs, severity: "critical" };
  const [measured] = await engine().measureOutputRules(on, [rule]);
  const { success, result, exception_info } = judgeRule(rule, measured as NonNullable<typeof measured>);
  expect(exception_info.exception_message).toBeNull();
  return { success, ...result } as unknown as Record<string, Json> & { details: Record<string, Json> };
}

const relation = (column: string, label: string, on = output) =>
  check("feature_label_relation_to_be_between", { column, label, min_value: 0.01, max_value: 0.95 }, on);

describe("relation of a feature with the label", () => {
  it.each<[string, string, string, number, boolean]>([
    ["late", "is_late", "auc", 0.83, true],
    ["amount", "is_late", "auc", 0.001, false],
    ["answer", "is_late", "mutual_information", 1, false],
    ["amount", "double_id", "spearman", 1, false],
    ["answer", "late", "correlation_ratio", 0.69, true],
    ["late", "answer", "correlation_ratio", 0.69, true],
  ])("%s with %s by %s", async (column, label, measure, strength, success) => {
    const found = await relation(column, label);
    expect(found.details.measure).toBe(measure);
    expect(found.observed_value).toBeCloseTo(strength, 2);
    expect(found.success).toBe(success);
  }); // prettier-ignore

  it("does not take an identifier for one that tells everything", async () => {
    expect((await relation("name", "is_late")).observed_value).toBeLessThan(0.3);
  });

  it("has no figure for a constant, which therefore tells nothing", async () => {
    expect(await relation("constant", "is_late")).toMatchObject({
      success: false,
      details: { rows: 1000, value: 0.5 },
    });
  });

  it("looks at the rows that models are trained on", async () => {
    const policy = {
      kind: "SplitPolicy" as const,
      name: "days",
      type: "time" as const,
      column: "order.day",
      parts: { train: [null, "2001-01-06T00:00:00Z"] as [null, string], test: ["2001-01-06T00:00:00Z", null] as [string, null] },
    }; // prettier-ignore
    const trained = await relation("leak", "is_late", { ...output, train: { policy, parts: ["train"] } });
    expect(trained).toMatchObject({ success: false, observed_value: 1, details: { rows: 500, part: "train", reading: expect.stringContaining("suspiciously") as string } }); // prettier-ignore
    expect((await relation("leak", "is_late")).observed_value).toBeLessThan(0.95);
  });

  it("looks at the rows of a hash policy's parts, which go by a key", async () => {
    const policy = { kind: "SplitPolicy" as const, name: "h", type: "hash" as const, algo: "md5-32" as const, key: "id", salt: "s", buckets: 10, parts: { train: [[0, 5]] as [number, number][] } }; // prettier-ignore
    const { details } = await relation("late", "is_late", { ...output, train: { policy, parts: ["train"] } });
    expect(details.part).toBe("train");
    expect(details.rows).toBeGreaterThan(400);
    expect(details.rows).toBeLessThan(600);
  });
});

describe("correlation with other features", () => {
  it("finds the feature that says the same, over rows where both are finite", async () => {
    const found = await check("feature_correlation_to_be_at_most", { column: "amount", threshold: 0.98 });
    expect(found).toMatchObject({ success: false, observed_value: 1, details: { with: "double_id" } });
  });
  it("has nothing to compare a constant with", async () => {
    const found = await check("feature_correlation_to_be_at_most", { column: "constant", threshold: 0.5 });
    expect(found).toMatchObject({ success: true, observed_value: null });
  });
  it("compares with what the rule names only", async () => {
    const kwargs = { column: "amount", threshold: 0.98, column_list: ["late"] };
    expect(await check("feature_correlation_to_be_at_most", kwargs)).toMatchObject({ success: true });
  });
});

describe("cost", () => {
  it("is rows, compressed bytes in the file and milliseconds of the stage", async () => {
    const found = await check("feature_cost_to_be_at_most", { column: "leak", max_rows: 1000, max_milliseconds: 13 });
    expect(found).toMatchObject({ success: true, observed_value: { rows: 1000, milliseconds: 12.5 } });
    expect((found.observed_value as { bytes: number }).bytes).toBeGreaterThan(0);
  });
  it("is over budget when nobody measured it", async () => {
    const found = await check("feature_cost_to_be_at_most", { column: "late", max_milliseconds: 1000 });
    expect(found).toMatchObject({ success: false, details: { over_budget: ["milliseconds"] } });
  });
});

describe("personal data", () => {
  it("is found in one row of a thousand, and shown masked only", async () => {
    const found = await check("values_to_hold_no_personal_data", { column: "note", sensitivity: "none" });
    expect(found).toMatchObject({
      success: false,
      element_count: 1000,
      missing_count: 500,
      unexpected_count: 1,
      partial_unexpected_counts: [{ value: "email", count: 1 }, { value: "card", count: 1 }],
    }); // prettier-ignore
    expect(JSON.stringify(found)).not.toMatch(/example\.org|4111/);
  });
  it("is found by a column's name", async () => {
    const found = await check("values_to_hold_no_personal_data", { column: "phone_number", sensitivity: "none" });
    expect(found).toMatchObject({ success: false, observed_value: ["its name: phone numbers"] });
  });
  it("is where it belongs in a feature that is declared to hold it", async () => {
    const found = await check("values_to_hold_no_personal_data", { column: "note", sensitivity: "personal" });
    expect(found).toMatchObject({ success: true, unexpected_count: 1 });
  });
  it.each(["name", "late", "amount", "answer"])("is not in %s", async (column) => {
    expect(await check("values_to_hold_no_personal_data", { column })).toMatchObject({ success: true });
  });
});

describe("Great Expectations' rules on an output", () => {
  it("know keys, the event time and columns by their own names", async () => {
    expect(await check("expect_column_values_to_be_unique", { column: "id" })).toMatchObject({ success: true });
    expect(await check("expect_column_max_to_be_between", { column: "day", max_value: "2001-01-10" })).toMatchObject({ success: true }); // prettier-ignore
    expect(await check("expect_column_values_to_be_in_set", { column: "renamed", value_set: ["yes", "no"] })).toMatchObject({ success: true }); // prettier-ignore
  });
  it("say what is wrong with a file that is gone", async () => {
    const gone = { ...output, files: [path.join(directory, "gone.parquet")] };
    await expect(engine().measureOutputRules(gone, [])).rejects.toMatchObject({ code: "invalid" });
  });
});
