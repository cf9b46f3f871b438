import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, prisma } from "./client";
import { storableText } from "./storable-text";

describe("storableText", () => {
  it.each([
    ["plain", false, "plain"],
    ["a\0b\0", false, "a␀b␀"],
    ["a\\u0000b", false, "a\\u0000b"],
    ['{"a":"x\\u0000y"}', true, '{"a":"x␀y"}'],
    ['{"a":"x\\\\u0000y"}', true, '{"a":"x\\\\u0000y"}'],
    ['{"a":"\\\\\\u0000"}', true, '{"a":"\\\\␀"}'],
  ])("%j, as JSON %s", (text, isJson, kept) => {
    expect(storableText(text, isJson)).toBe(kept);
  });
});

describe("texts with NUL", () => {
  beforeAll(() => openTestDatabase());
  afterAll(() => closeDatabase());

  it("are kept in texts, lists, JSON, transactions and plain SQL", async () => {
    const workspace = await prisma().workspace.create({
      data: { name: "w", title: "a\0b", definition: {}, digest: "d", createdBy: "a", updatedBy: "a" },
    });
    expect(workspace.title).toBe("a␀b");
    await prisma().$transaction(async (tx) => {
      await tx.entity.create({
        data: {
          workspaceId: workspace.id,
          name: "e",
          definition: { title: "x\0y", list: ["\0"] },
          digest: "d",
          createdBy: "a",
          updatedBy: "a",
        },
      });
      await tx.$executeRaw`UPDATE "Workspace" SET "title" = ${"c\0"} WHERE "id" = ${workspace.id}`;
    });
    expect((await prisma().workspace.findUniqueOrThrow({ where: { id: workspace.id } })).title).toBe("c␀");
    const entity = await prisma().entity.findFirstOrThrow({ where: { workspaceId: workspace.id } });
    expect(entity.definition).toEqual({ title: "x␀y", list: ["␀"] });
  });
});
