import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECLARED_PATHS, DeclaredDetail, DeclaredList, type DeclaredPath } from "@/lib/contracts/definitions";
import { closeDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { applySpecs } from "../specs/specs";
import { getDeclared, listDeclared } from "./declared";
import { listDefinitionVersions } from "./history";

let fixture: Fixture;
const WORKSPACE = "flights";
const page = { workspace: WORKSPACE, limit: 100 };
const list = async (path: DeclaredPath, q = "") =>
  DeclaredList.parse(await listDeclared(fixture.people.devi, path, { ...page, q }));
const detail = async (path: DeclaredPath, name: string) =>
  DeclaredDetail.parse(await getDeclared(fixture.people.devi, path, name, WORKSPACE));

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

describe.each(Object.entries(DECLARED_PATHS) as [DeclaredPath, string][])("%s", (path, kind) => {
  it("are listed, each with a page that says the same, and a history", async () => {
    const { items, total } = await list(path);
    expect(items).toHaveLength(total);
    const declared = kind === "Workspace" ? 1 : await prisma().definitionVersion.groupBy({ by: ["name"], where: { kind, workspace: { name: WORKSPACE } } }).then((rows) => rows.length); // prettier-ignore
    expect(total).toBe(declared);
    for (const item of items) {
      expect(item.sentence).toMatch(/\.$/);
      const found = await detail(path, item.name);
      const { names: _names, readBy, results, spineKeys, split, yaml, retiredAt, ...summary } = found;
      expect(summary).toEqual(item);
      expect(readBy).toHaveLength(item.readers);
      expect(retiredAt).toBeNull();
      expect(yaml).toContain(`kind: ${kind}`);
      expect(results === null).toBe(kind !== "Monitor");
      expect(spineKeys === null).toBe(kind !== "FeatureService");
      expect(split === null).toBe(kind !== "SplitPolicy");
      const history = await listDefinitionVersions(fixture.people.devi, DECLARED_PATHS[path], item.name, page);
      expect(history.items[0]).toMatchObject({ version: item.version, createdAt: item.changedAt, current: true });
    }
  });
});

it("has entities, views, services, split policies and pipelines to list", async () => {
  for (const path of ["entities", "views", "services", "split-policies", "pipelines"] as const)
    expect((await list(path)).total, path).toBeGreaterThan(0);
});

describe("a declared object", () => {
  it("says which keys rows need for a service's features", async () => {
    expect((await detail("services", "late_model_v1")).spineKeys).toEqual([
      { entity: "airport", name: "iata", type: "string" },
    ]);
  });

  it("says who names it", async () => {
    const { readBy } = await detail("split-policies", "by_month");
    expect(readBy).toContainEqual({
      kind: "Pipeline",
      name: "late_departures",
      how: "is fitted on train, is tested on test",
    });
    const airport = await detail("entities", "airport");
    expect(airport.readBy).toContainEqual(expect.objectContaining({ kind: "Entity", name: "flight" }));
    expect(airport.readBy.map(({ kind }) => kind)).toEqual(airport.readBy.map(({ kind }) => kind).toSorted());
  });

  it("is found by its name, description, owner and tags", async () => {
    const [first] = (await list("views")).items;
    expect((await list("views", `  ${first?.name.toUpperCase()} `)).items.map(({ name }) => name)).toContain(
      first?.name,
    );
    expect((await list("views", "no such thing")).items).toEqual([]);
  });

  it("that never was is not found, in words", async () => {
    await expect(detail("split-policies", "by_moon")).rejects.toThrow("There is no split policy `by_moon` in flights.");
  });

  it("that was retired keeps its page, and leaves the list", async () => {
    const documents = [
      { kind: "Workspace", name: "retiring" },
      { kind: "Entity", name: "order", joinKeys: [{ name: "id", type: "bigint" }] },
    ];
    await applySpecs(SYSTEM, { workspace: "retiring", documents: [...documents, { kind: "Entity", name: "gone", joinKeys: [{ name: "id", type: "bigint" }] }] }); // prettier-ignore
    await applySpecs(SYSTEM, { workspace: "retiring", documents, prune: true });
    const names = async () =>
      (await listDeclared(SYSTEM, "entities", { workspace: "retiring", limit: 10, q: "" })).items.map(
        ({ name }) => name,
      );
    expect(await names()).toEqual(["order"]);
    expect((await getDeclared(SYSTEM, "entities", "gone", "retiring")).retiredAt).not.toBeNull();
  });
});
