import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PipelineDetail } from "@/lib/contracts/pipelines";
import { closeDatabase, prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { createPipeline } from "../specs/create-pipeline";
import { getPipeline } from "./pipelines";

let fixture: Fixture;
const workspace = "flights";
const body = {
  workspace,
  name: "banded_by_hand",
  outputs: ["flight.late_probability"],
  pins: ["airport.segment@airport_bands"],
  fit: { split: "by_month", parts: ["train"] },
  evaluate: {
    split: "by_month",
    test: ["test"],
    label: "flight.is_late",
    model: "banded_model",
    unit: ["id"],
  },
  owner: "delay-analytics",
  description: "A plan worth keeping.",
  tags: ["model"],
};

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

async function refusal(change: Partial<typeof body>, principal = fixture.people.ada): Promise<DomainError> {
  try {
    await createPipeline(principal, { ...body, ...change });
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

const events = () => prisma().auditEvent.findMany({ where: { object: "flights/pipeline/banded_by_hand" } });

describe("a plan kept as a pipeline", () => {
  it("is refused with every issue of its definition, and nothing is stored", async () => {
    const error = await refusal({
      fit: { split: "by_mouth", parts: ["train"] },
      pins: ["airport.segment@airport_traffic"],
    });
    expect(error.code).toBe("invalid");
    const messages = (error.context.issues as { message: string }[]).map(({ message }) => message).join("\n");
    expect(messages).toMatch(/no split policy `by_mouth`. Did you mean `by_month`/);
    expect(messages).toMatch(/airport_traffic/);
    expect((await refusal({ outputs: ["flight.late"] })).message).toMatch(/flight\.late/);
    expect(await refusal({}, fixture.people.devi)).toMatchObject({ code: "forbidden" });
    expect(await refusal({}, fixture.stranger)).toMatchObject({ code: "not_found" });
    expect(await events()).toEqual([]);
    expect(await prisma().pipeline.count({ where: { name: body.name } })).toBe(0);
  });

  it("is stored as its document would be, with an audit event, and can be planned", async () => {
    const made = await createPipeline(fixture.people.ada, body);
    expect(PipelineDetail.parse(made)).toMatchObject({
      name: body.name,
      pins: { "airport.segment": "airport_bands" },
      model: "banded_model",
      fit: "train of by_month",
      owner: body.owner,
      problem: null,
    });
    expect(made.yaml).toMatch(/^kind: Pipeline\nname: banded_by_hand/);
    expect(await getPipeline(fixture.people.devi, workspace, body.name)).toEqual(made);
    expect((await events()).map(({ action, actorId }) => [action, actorId])).toEqual([
      [expect.stringMatching(/create/), fixture.people.ada.id],
    ]);
  });

  it("does not take a name that is taken, whether the definition differs or not", async () => {
    for (const change of [{}, { description: "Another one." }]) {
      const error = await refusal(change);
      expect(error).toMatchObject({ code: "conflict", context: { kind: "Pipeline", name: body.name } });
      expect(error.message).toMatch(/has a pipeline `banded_by_hand` already. Choose another name/);
    }
    expect((await getPipeline(fixture.people.ada, workspace, body.name)).description).toBe(body.description);
    expect(await events()).toHaveLength(1);
  });

  it("is made once by two who save it at the same time", async () => {
    const both = await Promise.allSettled(
      ["ada", "bram"].map((who) =>
        createPipeline(fixture.people[who as "ada" | "bram"], { ...body, name: "at_once", pins: undefined }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  });
});
