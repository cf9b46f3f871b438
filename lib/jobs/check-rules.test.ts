import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import { takeJob } from "@/lib/db/queue";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { SYSTEM } from "@/lib/domain/principal";
import type { Rule } from "@/lib/domain/definitions/rule";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { exportSuite, getDatasetRules, importSuite, requestRuleCheck } from "@/lib/registry/rules/rules";
import { openScopeFor } from "@/lib/registry/scope";
import { applySpecs, exportSpecs } from "@/lib/registry/specs/specs";
import { checkRules } from "./check-rules";
import { profileSource } from "./profile-source";

const WORKSPACE = "rules";
const unique: Rule = { type: "expect_column_values_to_be_unique", kwargs: { column: "id" }, severity: "critical" };
const positive: Rule = {
  type: "expect_column_values_to_be_between",
  kwargs: { column: "amount", min_value: 0 },
  severity: "warning",
};

let fixture: Fixture;
let directory: string;
let file: string;
const engine = () =>
  createLocalEngine({ dataDirectory: path.join(directory, "data"), threads: 1, memoryLimit: "500MB" });

function source(rules: Rule[]): SourceDefinition {
  return {
    kind: "Source",
    name: "orders",
    entity: "order",
    format: "csv",
    location: file,
    columns: [
      { name: "id", type: "bigint" },
      { name: "amount", type: "double" },
    ],
    rowKey: ["id"],
    ...(rules.length > 0 && { rules }),
  };
}

const declare = (rules: Rule[]) => applySpecs(SYSTEM, { workspace: WORKSPACE, documents: [{ ...source(rules) }] });

async function check(): Promise<void> {
  await requestRuleCheck(SYSTEM, WORKSPACE, "orders");
  const job = await takeJob("check-rules");
  await checkRules(job?.data as NonNullable<typeof job>["data"], engine());
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "tributary-rules-"));
  await mkdir(path.join(directory, "data"));
  file = path.join(directory, "orders.csv");
  process.env.TRIBUTARY_DATA = path.join(directory, "data");
  await openTestDatabase();
  fixture = await filledRegistry();
  await writeFile(file, "id,amount\n1,5\n2,7\n");
  await applySpecs(SYSTEM, {
    workspace: WORKSPACE,
    documents: [
      { kind: "Workspace", name: WORKSPACE },
      { kind: "Entity", name: "order", joinKeys: [{ name: "id", type: "bigint" }] },
      { ...source([unique, positive]) },
    ],
  });
});
afterAll(async () => {
  await closeDatabase();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  await writeFile(file, "id,amount\n1,5\n2,7\n");
  await declare([unique, positive]);
});

const rulesNow = () => getDatasetRules(SYSTEM, WORKSPACE, "orders");
const lookAt = async () => {
  const scope = await openScopeFor(SYSTEM, WORKSPACE, "spec:apply");
  return profileSource(scope, source([unique, positive]), engine(), new AbortController().signal);
};

describe("rules of a source", () => {
  it("are checked on the data as they are, and again when asked", async () => {
    await check();
    const { rules, checks } = await rulesNow();
    expect(rules.map(({ words }) => words)).toEqual(["id: values are unique", "amount: values are at least 0"]);
    expect(checks[0]).toMatchObject({
      version: 1,
      success: true,
      evaluated: 2,
      failed: 0,
      quarantined: false,
      current: true,
    });
    await check();
    expect((await rulesNow()).checks).toHaveLength(1);
  });

  it("name the version of the definition that they were checked by, whatever is declared later", async () => {
    const version = async () =>
      (
        await prisma().definitionVersion.aggregate({
          where: { kind: "Source", name: "orders" },
          _max: { version: true },
        })
      )._max.version;
    await check();
    const before = await version();
    expect((await rulesNow()).checks[0]?.definitions).toEqual([{ kind: "Source", name: "orders", version: before }]);
    await declare([unique]);
    expect((await rulesNow()).checks[0]?.definitions).toEqual([{ kind: "Source", name: "orders", version: before }]);
    await check();
    expect((await rulesNow()).checks[0]?.definitions).toEqual([
      { kind: "Source", name: "orders", version: (before ?? 0) + 1 },
    ]);
  });

  it("that cannot be run neither quarantine data nor release them", async () => {
    const lengths: Rule = {
      type: "expect_column_value_lengths_to_equal",
      kwargs: { column: "amount", value: 1 },
      severity: "critical",
    };
    await declare([lengths]);
    await check();
    const [found] = (await rulesNow()).checks;
    expect(found).toMatchObject({ success: false, failed: 1, critical: 0, quarantined: false });
    await writeFile(file, "id,amount\n1,5\n1,7\n");
    await declare([unique]);
    await check();
    expect((await rulesNow()).checks[0]?.quarantined).toBe(true);
    await declare([lengths]);
    await check();
    expect((await rulesNow()).checks[0]?.quarantined).toBe(true);
  });

  it("put a version into quarantine when a critical one fails, and out of it when the data are put right", async () => {
    await writeFile(file, "id,amount\n1,5\n1,-7\n");
    await check();
    const [bad] = (await rulesNow()).checks;
    expect(bad).toMatchObject({ success: false, failed: 2, critical: 1, quarantined: true });
    expect(bad?.results[0]?.result).toMatchObject({ unexpected_count: 2, partial_unexpected_list: [1, 1] });
    await expect(lookAt()).rejects.toThrow(
      /Version \d+ of orders is in quarantine: a critical rule failed \(id: values are unique\)/,
    );
    const quarantines = { action: "dataset.quarantine", object: `${WORKSPACE}/dataset/orders@${bad?.version}` };
    expect(await prisma().auditEvent.count({ where: quarantines })).toBe(1);
    await writeFile(file, "id,amount\n1,5\n2,7\n3,1\n");
    await expect(lookAt()).resolves.toBeGreaterThan(bad?.version ?? 0);
  });

  it("let a version go again when the rule that asked too much is changed", async () => {
    await writeFile(file, "id,amount\n9,5\n9,7\n");
    await check();
    expect((await rulesNow()).checks[0]?.quarantined).toBe(true);
    await declare([{ ...unique, severity: "info" }, positive]);
    expect((await rulesNow()).checks[0]?.current).toBe(false);
    await check();
    expect((await rulesNow()).checks[0]).toMatchObject({ failed: 1, critical: 0, quarantined: false, current: true });
  });

  it("only warn when the failed rule is not critical", async () => {
    await writeFile(file, "id,amount\n1,-5\n2,-7\n");
    await expect(lookAt()).resolves.toBeGreaterThan(0);
    expect((await rulesNow()).checks[0]).toMatchObject({ failed: 1, critical: 0, quarantined: false });
  });

  it("are refused in a spec with place and suggestion, all at once", async () => {
    const wrong = [
      { ...unique, kwargs: { column: "ids" } },
      { ...unique, type: "expect_column_values_to_be_uniqe" },
    ];
    await expect(declare(wrong)).rejects.toMatchObject({
      context: {
        issues: [
          { message: expect.stringContaining("did you mean `id`?") as string },
          { message: expect.stringContaining("did you mean `expect_column_values_to_be_unique`?") as string },
        ],
      },
    });
  });

  it("survive an export and a plan without a difference", async () => {
    const { files } = await exportSpecs(SYSTEM, WORKSPACE);
    const { differences } = await applySpecs(SYSTEM, { workspace: WORKSPACE, documents: files });
    expect(differences).toEqual([]);
  });
});

describe("suites", () => {
  it("go out and come back as the same rules", async () => {
    const suite = await exportSuite(SYSTEM, WORKSPACE, "orders");
    const back = await importSuite(SYSTEM, {
      workspace: WORKSPACE,
      name: "orders",
      suite,
      apply: true,
      partial: false,
    });
    expect(back).toMatchObject({ applied: true, added: [], removed: [] });
    expect((await rulesNow()).rules).toHaveLength(2);
  });

  it("say what would change before anything does", async () => {
    const suite = { name: "s", expectations: [{ type: "expect_column_to_exist", kwargs: { column: "id" } }] };
    const preview = await importSuite(SYSTEM, {
      workspace: WORKSPACE,
      name: "orders",
      suite,
      apply: false,
      partial: false,
    });
    expect(preview).toMatchObject({
      applied: false,
      added: ["id: exists"],
      removed: [expect.anything(), expect.anything()],
    });
    expect((await rulesNow()).rules).toHaveLength(2);
  });

  it("are taken over in part where that is asked for, and what cannot run is named", async () => {
    const expectations = [
      { type: "expect_column_to_exist", kwargs: { column: "id" } },
      { type: "expect_magic", kwargs: {} },
      { type: "expect_column_values_to_be_unique", kwargs: { column: "elsewhere" } },
    ];
    const request = { workspace: WORKSPACE, name: "orders", suite: { name: "s", expectations }, partial: true };
    const preview = await importSuite(SYSTEM, { ...request, apply: false });
    expect(preview.added).toEqual(["id: exists"]);
    expect(preview.left).toEqual([
      { type: "expect_magic", reasons: [expect.stringContaining("is not an expectation that can be run")] },
      { type: "expect_column_values_to_be_unique", reasons: [expect.stringContaining("elsewhere")] },
    ]);
    const before = await exportSuite(SYSTEM, WORKSPACE, "orders");
    await importSuite(SYSTEM, { ...request, apply: true });
    expect((await rulesNow()).rules).toHaveLength(1);
    await importSuite(SYSTEM, { ...request, suite: before, apply: true });
    expect((await rulesNow()).rules).toHaveLength(2);
  });

  it("are refused as a whole when one expectation cannot be run, or by whom", async () => {
    const suite = { name: "s", expectations: [{ type: "expect_magic", kwargs: {} }] };
    const request = { workspace: WORKSPACE, name: "orders", suite, apply: true, partial: false };
    await expect(importSuite(SYSTEM, request)).rejects.toThrow("`expect_magic` is not an expectation");
    await expect(importSuite(fixture.stranger, request)).rejects.toMatchObject({ code: "not_found" });
    expect((await rulesNow()).rules).toHaveLength(2);
  });
});
