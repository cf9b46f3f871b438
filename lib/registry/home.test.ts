import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry, type Fixture } from "@/test/registry-fixture";
import { getHome } from "./home";

let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await fillRegistry();
});
afterAll(closeDatabase);

async function request(options: { number: number; author: "ada" | "bram"; state?: string; decidedBy?: "chiara" }) {
  const { number, author, state = "in_review", decidedBy } = options;
  const by = fixture.people[author];
  const version = fixture.versions["airport.segment@1"] as string;
  const change = await prisma().changeRequest.create({
    data: {
      workspaceId: fixture.workspace.id,
      number,
      featureId: fixture.features["airport.segment"] as string,
      environment: "production",
      title: `Request ${number}`,
      state,
      authorId: by.id,
      authorName: by.name,
    },
  });
  const revision = await prisma().revision.create({
    data: {
      changeId: change.id,
      number: 1,
      digest: `digest-${number}`,
      content: {},
      versionId: version,
      evidence: {},
      editorId: by.id,
      editorName: by.name,
    },
  });
  if (decidedBy)
    await prisma().review.create({
      data: {
        changeId: change.id,
        revisionId: revision.id,
        revisionDigest: revision.digest,
        reviewerId: fixture.people[decidedBy].id,
        reviewerName: fixture.people[decidedBy].name,
        decision: "approve",
      },
    });
}

describe("getHome", () => {
  it("shows what waits for those who may decide it, and not for its author or who has decided", async () => {
    await request({ number: 1, author: "ada" });
    await request({ number: 2, author: "ada", decidedBy: "chiara" });
    await request({ number: 3, author: "bram", state: "approved" });
    const waitingFor = async (person: keyof Fixture["people"]) =>
      (await getHome(fixture.people[person], "flights")).waiting.map(({ number }) => number);
    expect(await waitingFor("bram")).toEqual([1, 2]);
    expect(await waitingFor("chiara")).toEqual([1]);
    expect(await waitingFor("ada")).toEqual([]);
    expect(await waitingFor("devi")).toEqual([]);
  });

  it("names what needs a look: critical drift of what is served, late failures, leaking models", async () => {
    const { id } = await prisma().run.create({
      data: {
        workspaceId: fixture.workspace.id,
        number: 90,
        kind: "variant",
        title: "fit lateness",
        state: "failed",
        params: {},
        finishedAt: new Date(),
        error: { code: "invalid", message: "The column delay is gone." },
        createdBy: fixture.people.bram.id,
      },
    });
    const { concerns } = await getHome(fixture.people.devi, "flights");
    expect(concerns).toContainEqual(
      expect.objectContaining({
        kind: "run",
        title: "Run 90: fit lateness",
        sentence: "The column delay is gone.",
        href: `/runs/${id}`,
      }),
    );
    expect(concerns.find(({ kind }) => kind === "leak")?.sentence).toMatch(/cannot be trusted.*airport\.segment/);
    const drifting = concerns.filter(({ kind }) => kind === "drift");
    expect(drifting.length).toBeGreaterThan(0);
    expect(new Set(drifting.map(({ title }) => title)).size).toBe(drifting.length);
  });

  it("says what happened in sentences, newest first, with the page of a run", async () => {
    const { activity } = await getHome(fixture.people.ada, "flights");
    expect(activity[0]).toMatchObject({
      actor: "Fixture",
      did: "finished",
      object: "run 2",
      href: `/runs/${fixture.runs[2]}`,
    });
    expect(activity.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
  });

  it("lists the most used documented features with a distribution", async () => {
    const { popular } = await getHome(fixture.people.ada, "flights");
    expect(popular.length).toBeGreaterThan(2);
    expect(popular.map(({ consumers }) => consumers)).toEqual(
      popular.map(({ consumers }) => consumers).sort((one, other) => other - one),
    );
    const segment = popular.find(({ name }) => name === "airport.segment");
    expect(segment?.histogram.length).toBeGreaterThan(1);
    expect(segment?.computedAt).not.toBeNull();
  });

  it("is nobody's business without a role", async () => {
    await expect(getHome(fixture.stranger, "flights")).rejects.toMatchObject({ code: "not_found" });
  });
});
