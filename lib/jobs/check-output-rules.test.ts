import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { finishJob, takeJob } from "@/lib/db/queue";
import { SYSTEM } from "@/lib/domain/principal";
import type { Rule } from "@/lib/domain/definitions/rule";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import type { OnlineStore } from "@/lib/online/online-store";
import { getFeatureRules, proposeFeatureRules } from "@/lib/registry/rules/feature-rules";
import { getDatasetRules, requestRuleCheck } from "@/lib/registry/rules/rules";
import { listAttentionItems } from "@/lib/registry/home/attention-items";
import { applySpecs } from "@/lib/registry/specs/specs";
import { startRun } from "@/lib/registry/runs/start";
import { openTestDatabase } from "@/test/open-test-database";
import { checkRules } from "./check-rules";
import { materialise } from "./materialise";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";

const WORKSPACE = "shop";
const OUTPUT = "order@big_orders";

let directory: string;
let file: string;
const engine = () =>
  createLocalEngine({ dataDirectory: path.join(directory, "data"), threads: 1, memoryLimit: "500MB" });

const feature = (name: string, type: string, rules: Rule[], more: object = {}) => ({ kind: "Feature", name, type, ...(rules.length > 0 && { rules }), ...more }); // prettier-ignore
const atMost = (max_value: number, severity: Rule["severity"] = "critical"): Rule => ({ type: "expect_column_max_to_be_between", kwargs: { max_value }, severity }); // prettier-ignore
const noPersonal: Rule = { type: "values_to_hold_no_personal_data", kwargs: {}, severity: "critical" };

/** Rules of the output's features; the rest of the workspace stays as it is. */
const declare = (rules: { doubled?: Rule[]; note?: Rule[]; amount?: Rule[]; sensitivity?: string }) =>
  applySpecs(SYSTEM, {
    workspace: WORKSPACE,
    documents: [
      feature("order.doubled", "double", rules.doubled ?? []),
      feature(
        "order.note_upper",
        "string",
        rules.note ?? [],
        rules.sensitivity ? { sensitivity: rules.sensitivity } : {},
      ),
      feature("order.amount", "double", rules.amount ?? []),
    ],
  });

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "tributary-output-rules-"));
  await mkdir(path.join(directory, "data"));
  process.env.TRIBUTARY_DATA = path.join(directory, "data");
  file = path.join(directory, "orders.csv");
  await writeFile(file, "id,amount,note\n1,5,fine\n2,7,ask ada@example.org\n3,9,\n");
  await openTestDatabase();
  await applySpecs(SYSTEM, {
    workspace: WORKSPACE,
    documents: [
      { kind: "Workspace", name: WORKSPACE },
      { kind: "Entity", name: "order", joinKeys: [{ name: "id", type: "bigint" }] },
      {
        kind: "Source",
        name: "orders",
        entity: "order",
        format: "csv",
        location: file,
        columns: [{ name: "id", type: "bigint" }, { name: "amount", type: "double" }, { name: "note", type: "string" }],
        rowKey: ["id"],
      },
      {
        kind: "Stage",
        name: "double_it",
        entity: "order",
        transformer: "sql",
        inputs: ["order.amount", "order.note"],
        outputs: [{ column: "order.doubled", type: "double" }, { column: "order.note_upper", type: "string" }],
        params: { statement: "SELECT *, amount * 2 AS doubled, upper(note) AS note_upper FROM __THIS__" },
      },
      feature("order.doubled", "double", []),
      feature("order.note_upper", "string", []),
      feature("order.amount", "double", []),
      { kind: "FeatureView", name: "orders_online", entity: "order", features: ["order.doubled"], ttl: "30d", online: true },
      { kind: "Pipeline", name: "big_orders", outputs: ["order.doubled", "order.note_upper"] },
    ],
  }); // prettier-ignore
});
afterAll(async () => {
  await closeDatabase();
  await rm(directory, { recursive: true, force: true });
});

async function run() {
  const id = await startRun(SYSTEM, { workspace: WORKSPACE, pipeline: "big_orders" }, engine());
  const claimed = await claimRun(id);
  if (!claimed) throw new Error("The run was not waiting.");
  await executeRun(claimed, engine(), new ProgressWriter(claimed));
  const row = await prisma().run.findUniqueOrThrow({ where: { id }, include: { logs: true, outputs: true } });
  const [output] = row.outputs;
  return { ...row, output: output as NonNullable<typeof output> };
}

/** Views that wait to go online, taken from the queue. */
async function waitingViews(): Promise<string[]> {
  const views: string[] = [];
  for (let job = await takeJob("materialise"); job; job = await takeJob("materialise")) {
    views.push(job.data.runId);
    await finishJob("materialise", job.id);
  }
  return views;
}

const rulesNow = () => getDatasetRules(SYSTEM, WORKSPACE, OUTPUT);
async function checkNow(dataset = OUTPUT): Promise<void> {
  await requestRuleCheck(SYSTEM, WORKSPACE, dataset);
  const job = await takeJob("check-rules");
  await checkRules(job?.data as NonNullable<typeof job>["data"], engine());
  await finishJob("check-rules", job?.id as string);
}

describe("rules of features", () => {
  it("are checked on an output before it goes online", async () => {
    await declare({ doubled: [atMost(20), { type: "feature_cost_to_be_at_most", kwargs: { max_rows: 3, max_milliseconds: 600_000 }, severity: "warning" }] }); // prettier-ignore
    const { id, state, output } = await run();
    expect(state).toBe("succeeded");
    expect(output.quarantinedAt).toBeNull();
    const { rules, checks, isSource } = await rulesNow();
    expect(isSource).toBe(false);
    expect(rules[0]).toMatchObject({
      feature: "order.doubled",
      words: "order.doubled: max is at most 20",
    });
    expect(checks[0]).toMatchObject({ version: output.version, evaluated: 2, failed: 0, current: true });
    expect(checks[0]?.results[0]).toMatchObject({ feature: "order.doubled", result: { observed_value: 18 } });
    expect(await waitingViews()).toEqual([id]);
  });

  it("that fail keep the output from being served, and let it go when they pass", async () => {
    await declare({ doubled: [atMost(10)] });
    const { id, state, output, logs } = await run();
    expect(state).toBe("succeeded");
    expect(output.quarantinedAt).not.toBeNull();
    expect(logs.map(({ message }) => message).join("\n")).toContain("order@big_orders@2: 0 of 1 rules pass. It is in quarantine: order.doubled: max is at most"); // prettier-ignore
    expect(await waitingViews()).toEqual([]);
    const store = { writeSet: () => Promise.reject(new Error("Nothing may be written.")) } as unknown as OnlineStore;
    const view = await prisma().featureView.findFirstOrThrow({ where: { name: "orders_online" } });
    expect(await materialise({ runId: id, viewId: view.id }, engine(), store)).toBeNull();
    expect((await rulesNow()).blocked).toEqual([{ kind: "view", name: "orders_online", href: "/views/orders_online" }]);
    expect(await listAttentionItems(output.workspaceId)).toMatchObject([
      { kind: "quarantine", title: "order@big_orders@2" },
    ]);
    expect((await getFeatureRules(SYSTEM, WORKSPACE, "order.doubled")).quarantined).toEqual(["order@big_orders@2"]);

    await declare({ doubled: [atMost(50)] });
    expect((await rulesNow()).checks[0]?.current).toBe(false);
    await checkNow();
    expect((await rulesNow()).checks[0]).toMatchObject({ failed: 0, quarantined: false, current: true });
    expect(await waitingViews()).toEqual([id]);
    expect((await rulesNow()).blocked).toEqual([]);
  });

  it("find personal data, which is shown nowhere", async () => {
    await declare({ note: [noPersonal] });
    const { output, logs } = await run();
    expect(output.quarantinedAt).not.toBeNull();
    const shown = JSON.stringify([await rulesNow(), await getFeatureRules(SYSTEM, WORKSPACE, "order.note_upper"), logs.map(({ message }) => message)]); // prettier-ignore
    expect(shown).toContain("e-mail addresses");
    expect(shown).not.toMatch(/example\.org/i);
    const audit = await prisma().auditEvent.findMany({ select: { after: true } });
    expect(JSON.stringify(audit)).not.toMatch(/ada@example/i);

    await declare({ note: [noPersonal], sensitivity: "personal" });
    await checkNow();
    expect((await rulesNow()).checks[0]).toMatchObject({ failed: 0, quarantined: false });
  });

  it("of a source's columns are checked on the source, which no run reads then", async () => {
    await declare({ amount: [atMost(6)] });
    const { state, error } = await run().catch((reason: unknown) => ({ state: "refused", error: reason }));
    expect(state).not.toBe("succeeded");
    expect(JSON.stringify(error)).toContain("order.amount: max is at most");
    await declare({});
    const released = await run();
    expect(released.state).toBe("succeeded");
  });

  it("are proposed from a profile, and what is proposed can be declared", async () => {
    const { rules, version } = await proposeFeatureRules(SYSTEM, WORKSPACE, "order.doubled");
    expect(version).not.toBeNull();
    const types = rules.map(({ type }) => type);
    expect(types).toContain("expect_column_values_to_be_between");
    expect(types).toContain("feature_correlation_to_be_at_most");
    await declare({ doubled: rules.map(({ words: _words, ...rule }) => rule as Rule) });
    expect((await run()).output.quarantinedAt).toBeNull();
    expect((await getFeatureRules(SYSTEM, WORKSPACE, "order.doubled")).rules.every(({ results }) => results[0]?.success)).toBe(true); // prettier-ignore
  });

  it("are refused in a spec where they are about something else, all at once", async () => {
    const wrong: Rule[] = [
      { ...atMost(1), kwargs: { column: "amount", max_value: 1 } },
      { type: "feature_label_relation_to_be_between", kwargs: { label: "amout", min_value: 0.1 }, severity: "warning" },
      { type: "expect_table_columns_to_match_set", kwargs: { column_set: ["id"] }, severity: "warning" },
    ];
    await expect(declare({ doubled: wrong, amount: [{ type: "feature_cost_to_be_at_most", kwargs: { max_milliseconds: 1 }, severity: "info" }] })).rejects.toMatchObject({
      context: {
        issues: [
          { message: expect.stringContaining("it stands at order.doubled") as string },
          { message: expect.stringContaining("did you mean `amount`?") as string },
          { message: expect.stringContaining("is a rule of the source") as string },
          { message: expect.stringContaining("takes no time of a stage") as string },
        ],
      },
    });
  }); // prettier-ignore
});

describe("a check that cannot be done", () => {
  it("says so to whoever asked", async () => {
    await declare({ doubled: [atMost(50)], amount: [atMost(100)] });
    const { output } = await run();
    const [written] = output.files as { path: string }[];
    await rm(path.resolve(directory, "data", written?.path ?? ""));
    await checkNow();
    expect((await rulesNow()).notChecked?.message).toContain("cannot be checked");
    await rm(file);
    await checkNow("orders");
    expect((await getDatasetRules(SYSTEM, WORKSPACE, "orders")).notChecked?.message).toContain("orders.csv");
  });

  it("is refused for data that nobody knows or expects anything of", async () => {
    await expect(getDatasetRules(SYSTEM, WORKSPACE, "order@nothing")).rejects.toMatchObject({ code: "not_found" });
    await declare({});
    await expect(requestRuleCheck(SYSTEM, WORKSPACE, OUTPUT)).rejects.toThrow("has no rules to check");
  });
});
