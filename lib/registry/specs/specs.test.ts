import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Issue } from "@/lib/domain/errors";
import { DomainError } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/roles";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import { FeatureQuery } from "@/lib/contracts/features";
import { openTestDatabase } from "@/test/open-test-database";
import { listDefinitionVersions } from "../definitions/history";
import { listFeatures } from "../features/features";
import { searchEverything } from "../home/search";
import { getModel, listModels } from "../models/models";
import { applySpecs, exportSpecs, planSpecs } from "./specs";

const DEMO = readdirSync("prisma/demo").map((file) => ({ file, text: readFileSync(`prisma/demo/${file}`, "utf8") }));

const having = (role: Role): Principal => ({
  id: role,
  name: role,
  kind: "user",
  bindings: [{ workspaceId: null, role }],
  requestId: "test",
});

/** A small workspace: one source, one stage, one view. `change` edits its text. */
function small(name: string, change: (text: string) => string = (text) => text): string {
  return change(`
kind: Workspace
name: ${name}
---
kind: Entity
name: driver
joinKeys: [{ name: driver_id, type: bigint }]
eventTime: at
---
kind: Source
name: trips
entity: driver
format: csv
location: trips.csv
columns: [{ name: driver_id, type: int }, { name: at, type: timestamp }, { name: trips, type: int }]
rowKey: [driver_id, at]
timeColumn: at
---
kind: Stage
name: double_trips
entity: driver
transformer: sql
inputs: [driver.trips]
outputs: [{ column: driver.trips_twice, type: int }]
params: { statement: "SELECT *, 2 * trips AS trips_twice FROM __THIS__" }
owner: fleet
---
kind: FeatureView
name: driver_stats
entity: driver
columns: [trips, trips_twice]
ttl: 30d
online: true
`);
}

async function rowCounts() {
  const count = (table: { count(): Promise<number> }) => table.count();
  const db = prisma();
  const tables = [db.entity, db.source, db.stage, db.stageVersion, db.stageColumn, db.feature, db.featureVersion, db.pointer,
    db.featureView, db.featureService, db.splitPolicy, db.pipeline, db.workspace, db.auditEvent]; // prettier-ignore
  return Promise.all(tables.map(count));
}

async function issuesOf(promise: Promise<unknown>): Promise<Issue[]> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DomainError);
  return ((error as DomainError).context.issues ?? []) as Issue[];
}

beforeAll(openTestDatabase);
afterAll(closeDatabase);

describe("the demo", () => {
  it("is applied as a whole, with features for every column and one event for every object and every new group", async () => {
    const planned = await planSpecs(SYSTEM, { documents: DEMO });
    expect(planned).toMatchObject({ workspace: "flights", newWorkspace: true, applied: false, warnings: [] });
    expect(await prisma().workspace.count()).toBe(0);
    const applied = await applySpecs(SYSTEM, { documents: DEMO });
    expect(applied.counts).toMatchObject({ change: 0, replace: 0, retire: 0, unchanged: 0 });
    expect(await prisma().auditEvent.count()).toBe(applied.counts.create + applied.newGroups.length);

    const delay = await prisma().feature.findFirstOrThrow({
      where: { name: "flight.delay" },
      include: { versions: true, pointers: true },
    });
    expect(delay).toMatchObject({
      declared: true,
      type: "bigint",
      versions: [{ version: 1, signature: "source:flights" }],
    });
    expect(delay.pointers.map((pointer) => pointer.environment)).toEqual(["dev"]);
    const undocumented = await prisma().feature.findFirstOrThrow({ where: { name: "airport.departures_log" } });
    expect(undocumented).toMatchObject({ declared: false, type: "double", owner: "network-planning" });
  });

  it("changes nothing when it is applied again", async () => {
    const before = await rowCounts();
    const again = await applySpecs(SYSTEM, { documents: DEMO });
    expect(again.differences).toEqual([]);
    expect(await rowCounts()).toEqual(before);
  });

  it("is exported as files that show no difference, even when they are the whole truth", async () => {
    const { files } = await exportSpecs(having("viewer"), "flights");
    const plan = await planSpecs(having("viewer"), { workspace: "flights", documents: files, prune: true });
    expect(plan.differences).toEqual([]);
    expect(plan.counts.unchanged).toBe((await planSpecs(SYSTEM, { documents: DEMO })).counts.unchanged);
  });
});

describe("a change", () => {
  const apply = (change?: (text: string) => string, prune = false) =>
    applySpecs(SYSTEM, { documents: small("changing", change), prune });
  const versions = () =>
    prisma().stageVersion.findMany({ where: { stage: { name: "double_trips" } }, orderBy: { version: "asc" } });

  it("of words keeps the stage's version; of what it computes makes another", async () => {
    await apply();
    const words = await apply((text) => text.replace("owner: fleet", "owner: dispatch"));
    expect(words.differences).toMatchObject([
      {
        kind: "Stage",
        action: "change",
        changes: [{ path: "owner", before: "fleet", after: "dispatch" }],
        consequences: [],
      },
    ]);
    expect((await versions()).map((one) => one.version)).toEqual([1]);

    const twice = await apply((text) => text.replace("2 * trips", "3 * trips"));
    expect(twice.differences).toMatchObject([
      { action: "replace", consequences: [{ kind: "FeatureView", name: "driver_stats" }] },
    ]);
    expect((await versions()).map((one) => one.version)).toEqual([1, 2]);
    expect(await prisma().stage.findFirst({ where: { name: "double_trips" } })).toMatchObject({ version: 2 });
  });

  it("leaves alone what the documents do not have, unless they are the whole truth", async () => {
    const withoutView = (text: string) => text.split("---\nkind: FeatureView")[0] as string;
    await apply();
    const kept = await apply(withoutView);
    expect(kept).toMatchObject({ differences: [], unlisted: [{ kind: "FeatureView", name: "driver_stats" }] });
    const pruned = await apply(withoutView, true);
    expect(pruned.differences).toMatchObject([{ kind: "FeatureView", name: "driver_stats", action: "retire" }]);
    const view = () => prisma().featureView.findFirst({ where: { name: "driver_stats" } });
    expect((await view())?.retiredAt).not.toBeNull();
    expect((await apply()).differences).toMatchObject([{ action: "create" }]);
    expect((await view())?.retiredAt).toBeNull();
  });

  it("retires the columns of a stage that is gone, and brings them back with it", async () => {
    await apply();
    const cut = (text: string) =>
      text.replace(/---\nkind: Stage[^]*?(?=---\nkind: FeatureView)/, "").replace("[trips, trips_twice]", "[trips]");
    const feature = () => prisma().feature.findFirst({ where: { name: "driver.trips_twice" } });
    await apply(cut, true);
    expect((await feature())?.retiredAt).not.toBeNull();
    await apply();
    expect((await feature())?.retiredAt).toBeNull();
    const numbers = (await versions()).map((one) => one.version);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it("that breaks what the registry has is refused, and says what breaks", async () => {
    await apply();
    const issues = await issuesOf(
      applySpecs(SYSTEM, {
        workspace: "changing",
        documents: [
          {
            kind: "Source",
            name: "trips",
            entity: "driver",
            format: "csv",
            location: "trips.csv",
            columns: [{ name: "driver_id", type: "bigint" }],
            rowKey: ["driver_id"],
          },
        ],
      }),
    );
    expect(issues.map((issue) => issue.message)).toEqual([
      expect.stringContaining("FeatureView driver_stats (in the registry): nothing writes `driver.trips`"),
    ]);
  });
});

describe("errors", () => {
  it("come all at once with file and line, and apply nothing", async () => {
    const before = await rowCounts();
    const text = small("broken", (whole) =>
      whole
        .replace("entity: driver\nformat", "entity: drivers\nformat")
        .replace("type: timestamp", "type: timestmp")
        .replace("ttl: 30d", "ttl: soon"),
    );
    const issues = await issuesOf(applySpecs(SYSTEM, { documents: [{ file: "spec.yaml", text }] }));
    expect(issues.map(({ file, line, path }) => [file, line, path.join(".")])).toEqual([
      ["spec.yaml", 15, "columns.1.type"],
      ["spec.yaml", 32, "ttl"],
    ]);
    expect(await rowCounts()).toEqual(before);
  });

  it("in the last of many documents undo the first", async () => {
    const before = await rowCounts();
    const documents = [{ file: "a.yaml", text: small("half") }, { file: "b.yaml", text: "kind: Feature\nname: driver.none\ntype: int\n" }]; // prettier-ignore
    const issues = await issuesOf(applySpecs(SYSTEM, { documents }));
    expect(issues).toMatchObject([{ file: "b.yaml", line: 2, path: ["name"], found: "driver.none" }]);
    expect(await rowCounts()).toEqual(before);
  });
});

describe("permission", () => {
  it.each(["viewer", "auditor"] as const)("a %s may plan but not apply", async (role) => {
    await applySpecs(SYSTEM, { documents: small("guarded") });
    const documents = small("guarded", (text) => text.replace("2 * trips", "4 * trips"));
    await expect(planSpecs(having(role), { documents })).resolves.toMatchObject({ counts: { replace: 1 } });
    await expect(applySpecs(having(role), { documents })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("an author applies objects, but neither creates a workspace nor changes its title", async () => {
    await applySpecs(SYSTEM, { documents: small("guarded") });
    const author = having("author");
    const changed = small("guarded", (text) => text.replace("2 * trips", "5 * trips"));
    await expect(applySpecs(author, { documents: changed })).resolves.toMatchObject({ applied: true });
    const titled = small("guarded", (text) => text.replace("name: guarded", "name: guarded\ntitle: Mine"));
    await expect(applySpecs(author, { documents: titled })).rejects.toMatchObject({ code: "forbidden" });
    await expect(applySpecs(author, { documents: small("unheard_of") })).rejects.toMatchObject({ code: "not_found" });
  });

  it("somebody without a role in the workspace does not learn that it exists", async () => {
    const stranger: Principal = { ...having("admin"), bindings: [{ workspaceId: "another", role: "admin" }] };
    await expect(planSpecs(stranger, { documents: small("guarded") })).rejects.toMatchObject({ code: "not_found" });
    await expect(exportSpecs(stranger, "guarded")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("two at once", () => {
  it("one applies, the other sees that there is nothing to do", async () => {
    const both = await Promise.all([1, 2].map(() => applySpecs(SYSTEM, { documents: small("contended") })));
    expect(both.map((plan) => plan.differences.length).sort()).toEqual([0, 5]);
    const change = small("contended", (text) => text.replace("2 * trips", "7 * trips"));
    const again = await Promise.all([1, 2, 3].map(() => applySpecs(SYSTEM, { documents: change })));
    expect(again.map((plan) => plan.differences.length).sort()).toEqual([0, 0, 1]);
  });
});

describe("free metadata and models", () => {
  const described = (name: string, more = "") =>
    small(name, (text) =>
      text
        .replace("location: trips.csv", "location: trips.csv\nmeta: { steward: fleet-data, rows.per.day: 400 }")
        .replace("owner: fleet", "owner: fleet\nmeta: { reviewed: true }"),
    ) +
    `---
kind: Feature
name: driver.trips_twice
type: int
meta: { team: Falcon }
---
kind: Model
name: trip_model
description: Trips of tomorrow.
owner: fleet
tags: [trips]
intendedUse: Staffing, not pay.
meta: { risk: low${more} }
`;

  it("are kept in rows, found, and exported so that a plan of the export prints no difference", async () => {
    await applySpecs(SYSTEM, { documents: [{ file: "a.yaml", text: described("described") }] });
    const workspace = await prisma().workspace.findUniqueOrThrow({ where: { name: "described" } });
    const where = { workspaceId: workspace.id };
    expect((await prisma().source.findFirstOrThrow({ where })).meta).toEqual({
      steward: "fleet-data",
      "rows.per.day": 400,
    });
    const found = await listFeatures(SYSTEM, { ...FeatureQuery.parse({ workspace: "described", q: "meta.team:falcon" }), limit: 5 }); // prettier-ignore
    expect(found.items.map(({ name, meta }) => [name, meta])).toEqual([["driver.trips_twice", { team: "Falcon" }]]);
    expect(await getModel(SYSTEM, "described", "trip_model")).toMatchObject({
      description: "Trips of tomorrow.",
      owner: "fleet",
      tags: ["trips"],
      intendedUse: "Staffing, not pay.",
      meta: { risk: "low" },
      versions: [],
      pipeline: null,
    });
    expect((await listModels(SYSTEM, "described")).items).toMatchObject([{ name: "trip_model", latest: null }]);
    for (const [q, count] of [
      ["risk low", 1],
      ["trips", 1],
      ["flet", 1],
      ["revenue", 0],
    ] as const)
      expect([q, (await listModels(SYSTEM, "described", { q })).items.length]).toEqual([q, count]);
    // The palette finds what discovery and the lists find, by metadata too.
    const kinds = async (q: string) =>
      (await searchEverything(SYSTEM, { workspace: "described", q, limit: 5 })).items.map(({ kind, name }) => `${kind} ${name}`); // prettier-ignore
    expect(await kinds("falcon")).toEqual(["feature driver.trips_twice"]);
    expect(await kinds("meta.risk:low")).toEqual(["model trip_model"]);
    expect(await kinds("fleet-data")).toEqual([expect.stringMatching(/^source /)]);
    const { files } = await exportSpecs(SYSTEM, "described");
    const plan = await planSpecs(SYSTEM, { documents: files });
    expect(plan.differences).toEqual([]);
  });

  it("make versions of definitions, and none of what a stage computes", async () => {
    const text = described("described", ", tier: 2").replace("reviewed: true", "reviewed: false");
    const applied = await applySpecs(SYSTEM, { documents: [{ file: "a.yaml", text }] });
    expect(applied.differences.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      "Stage change",
      "Model change",
    ]);
    const { items } = await listDefinitionVersions(SYSTEM, "Model", "trip_model", {
      workspace: "described",
      limit: 10,
    });
    expect(items.map(({ version, current }) => [version, current])).toEqual([
      [2, true],
      [1, false],
    ]);
    const stage = await prisma().stage.findFirstOrThrow({ where: { name: "double_trips", workspace: { name: "described" } } }); // prettier-ignore
    expect([stage.version, stage.meta]).toEqual([1, { reviewed: false }]);
  });

  it("leave a model that is retired with its versions, undescribed", async () => {
    const text = described("described").replace(/---\nkind: Model[\s\S]*$/, "");
    await applySpecs(SYSTEM, { documents: [{ file: "a.yaml", text }], prune: true });
    await expect(getModel(SYSTEM, "described", "trip_model")).rejects.toMatchObject({ code: "not_found" });
    expect((await listModels(SYSTEM, "described")).items).toEqual([]);
    expect(await prisma().model.count({ where: { name: "trip_model", declared: false, owner: "" } })).toBe(1);
  });
});
