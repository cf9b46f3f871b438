import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleDataset as operation } from "@/lib/contracts/dive";
import { DomainError } from "@/lib/domain/errors";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { SampleRequest } from "@/lib/domain/datasets/row-sample";
import type { Engine } from "@/lib/engines/engine";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { sampleDataset, type SampleQuery } from "./sample-dataset";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

/** Asks with an engine that keeps the question and answers two rows; `gone` refuses to read other files than the dataset's. */
async function ask(
  query: Partial<SampleQuery>,
  person: keyof Fixture["people"] = "ada",
  { dataset = "flights", gone = false } = {},
) {
  const asked: SampleRequest[] = [];
  const engine = {
    sampleRows: (request: SampleRequest) => {
      asked.push(request);
      if (gone && request.joined.length > 0) return Promise.reject(new DomainError("conflict", "The file changed."));
      const columns = request.columns.map(({ name, type }) => ({
        name,
        type,
        kind: "numbers" as const,
        values: [1, null],
      }));
      return Promise.resolve({ rows: 10, matched: 4, columns, part: null });
    },
  } as unknown as Engine;
  const answer = await sampleDataset(fixture.people[person], dataset, { workspace: "flights", rows: 1000, ...query }, engine); // prettier-ignore
  return { answer, request: asked.at(-1) as SampleRequest };
}

describe("sampleDataset", () => {
  it("answers what the contract says, and asks for the slice by the column's own name", async () => {
    const { answer, request } = await ask({ columns: ["flight.delay", "delay"], slice: "flight.delay~range~0~10" });
    expect(operation.response.parse(answer)).toMatchObject({
      dataset: "flights",
      rows: 10,
      matched: 4,
      sampled: 2,
      parts: [],
    });
    expect(request.columns.map(({ name }) => name)).toEqual(["delay"]);
    expect(request.slice).toMatchObject({ column: "delay", kind: "range", type: "bigint" });
    expect(request.parts).toBeNull();
  });

  it("refuses columns, slices, parts and sizes that cannot be, by name", async () => {
    await expect(ask({ columns: ["nothing"] })).rejects.toMatchObject({ code: "invalid", context: { issues: [{ path: ["columns"], found: "nothing" }] } }); // prettier-ignore
    await expect(ask({ slice: "nothing~missing" })).rejects.toMatchObject({ code: "invalid" });
    await expect(ask({ slice: "delay~sideways" })).rejects.toMatchObject({ code: "invalid" });
    await expect(ask({ parts: ["train"] })).rejects.toMatchObject({ code: "invalid", context: { issues: [{ path: ["parts"] }] } }); // prettier-ignore
    await expect(ask({ rows: 4_000_001 })).rejects.toMatchObject({ code: "invalid", context: { issues: [{ path: ["rows"] }] } }); // prettier-ignore
    expect(operation.query.safeParse({ workspace: "flights", rows: "100001" }).success).toBe(false);
    expect(operation.query.parse({ workspace: "flights", columns: "a,b" }).columns).toEqual(["a", "b"]);
  });

  it("reads columns of joined files, and does without them only where nobody named one", async () => {
    const training = { dataset: "flight@late_departures" };
    const { request } = await ask({ slice: "delay~range~0~10" }, "ada", training);
    expect(request.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(["delay", "origin", "hour"]));
    expect(request.joined[0]?.columns.map(({ name }) => name)).toContain("delay");
    const { answer } = await ask({}, "ada", { ...training, gone: true });
    const shown = answer.columns.map(({ name }) => name);
    expect(shown).toContain("hour");
    expect(shown).not.toContain("delay");
    expect(answer.fields.map(({ name }) => name)).toContain("delay");
    for (const query of [{ columns: ["delay"] }, { slice: "delay~missing" }])
      await expect(ask(query, "ada", { ...training, gone: true })).rejects.toMatchObject({ code: "conflict" });
  });

  it("neither reads nor slices by values about persons for those who may not see them", async () => {
    const where = { workspaceId_name: { workspaceId: fixture.workspace.id, name: "flight.delay" } };
    await prisma().feature.update({ where, data: { sensitivity: "special" } });
    const { request } = await ask({});
    expect(request.columns.some(({ name }) => name === "delay")).toBe(false);
    await expect(ask({ slice: "delay~missing" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask({ columns: ["delay"] })).rejects.toMatchObject({ code: "forbidden" });
    expect((await ask({ columns: ["delay"] }, "chiara")).request.columns).toHaveLength(1);
  });
});
