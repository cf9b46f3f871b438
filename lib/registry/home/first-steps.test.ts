import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { createWorkspace } from "../access/workspaces";
import { invitePerson } from "../access/invitations";
import { createToken } from "../access/tokens";
import { applySpecs } from "../specs/specs";
import { getHome } from "./home";

let fixture: Fixture;
let owner: Principal;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
  owner = { ...fixture.people.emil, bindings: [{ workspaceId: null, role: "admin" }] };
  await createWorkspace(owner, { name: "shop", description: "" });
});
afterAll(closeDatabase);

const SPECS = `kind: Entity
name: order
joinKeys: [{ name: order_id, type: bigint }]
---
kind: Source
name: orders
entity: order
format: csv
location: orders.csv
columns: [{ name: order_id, type: bigint }, { name: amount, type: double }]
rowKey: [order_id]
`;
const VIEW = "kind: FeatureView\nname: order_stats\nentity: order\nfeatures: [order.amount]\n";

const steps = async (who = owner, workspace = "shop") => (await getHome(who, workspace)).steps;
const open = async () => (await steps()).filter(({ done }) => !done).map(({ name }) => name);

describe("the steps of moving in", () => {
  it("are computed from what the workspace has, and go when all are done", async () => {
    expect(await open()).toEqual(["data", "declare", "run", "people", "token"]);
    // The pages that the steps lead to are there.
    for (const { href } of await steps()) expect(existsSync(`app/(portal)${href.split("?")[0]}/page.tsx`)).toBe(true);
    await applySpecs(owner, { workspace: "shop", documents: SPECS });
    expect((await steps())[0]).toEqual({ name: "data", title: "Add data", done: true, sentence: "1 source, the newest is orders.", href: "/datasets", may: true }); // prettier-ignore
    await applySpecs(owner, { workspace: "shop", documents: VIEW });
    expect((await steps())[1]).toMatchObject({ done: true, sentence: "1 feature view." });
    await invitePerson(owner, { workspace: "shop", email: "grace@shop.example", name: "Grace", roles: ["viewer"] });
    await createToken(owner, { workspace: "shop", name: "ci", roles: ["viewer"] }, randomUUID());
    expect(await open()).toEqual(["run"]);
    const { id: workspaceId } = await prisma().workspace.findUniqueOrThrow({ where: { name: "shop" } });
    const run = {
      id: randomUUID(),
      workspaceId,
      kind: "variant",
      title: "order_stats",
      params: {},
      createdBy: owner.id,
    };
    await prisma().run.create({ data: { ...run, number: 1, state: "failed" } });
    expect(await open()).toEqual(["run"]);
    await prisma().run.create({ data: { ...run, id: randomUUID(), number: 2, state: "succeeded" } });
    expect(await steps()).toEqual([]);
  });

  it("say who may do them, and are none of a demo's", async () => {
    await createWorkspace(owner, { name: "other", description: "" });
    const other = await prisma().workspace.findUniqueOrThrow({ where: { name: "other" } });
    const viewer: Principal = { ...fixture.people.ada, bindings: [{ workspaceId: other.id, role: "author" }] };
    expect((await steps(viewer, "other")).map(({ may }) => may)).toEqual([true, true, true, false, false]);
    await prisma().workspace.update({ where: { id: other.id }, data: { seedState: "done" } });
    expect(await steps(viewer, "other")).toEqual([]);
  });
});
