import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { describeScore } from "@/lib/domain/drift/drift-words";
import { compareDrift as compareContract } from "@/lib/contracts/drift";
import { closeDatabase, prisma } from "@/lib/db/client";
import { FeatureQuery } from "@/lib/contracts/features";
import { getFeature } from "../features/detail";
import { loadDocuments } from "../features/documents";
import { findFeatures } from "../features/features";
import { loadNodeFacts } from "../lineage/nodes";
import { getFeatureProfiles } from "../profiles/profiles";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { listAlerts } from "../monitors/alerts";
import { compareDrift } from "../drift/window";
import { listChanges } from "../changes/changes";
import { getHome } from "./home";

let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

async function request(options: {
  number: number;
  author: "ada" | "bram";
  state?: string;
  decidedBy?: "chiara";
  decision?: string;
}) {
  const { number, author, state = "in_review", decidedBy, decision = "approve" } = options;
  const by = fixture.people[author];
  const version = fixture.versions["airport.segment@1"] as string;
  const change = await prisma().changeRequest.create({
    data: {
      workspaceId: fixture.workspace.id,
      number,
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
      items: {
        create: {
          changeId: change.id,
          kind: "feature",
          environment: "production",
          featureId: fixture.features["airport.segment"] as string,
          featureVersionId: version,
        },
      },
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
        decision,
      },
    });
}

async function monitor(name: string, definition: object): Promise<string> {
  const { id } = await prisma().monitor.create({
    data: {
      workspaceId: fixture.workspace.id,
      name,
      definition: { kind: "Monitor", name, ...definition },
      digest: name,
      createdBy: fixture.people.bram.id,
      updatedBy: fixture.people.bram.id,
    },
  });
  return id;
}

/** An open alert with the verdict on its newest window. */
async function alert(
  monitorId: string,
  number: number,
  feature: string,
  { details, ...verdict }: { metric: string; score: number; details?: object },
) {
  const [from, to] = [new Date("2001-06-01"), new Date("2001-07-01")];
  await prisma().alert.create({
    data: {
      workspaceId: fixture.workspace.id,
      monitorId,
      number,
      feature,
      state: "open",
      level: "warn",
      liveKey: `${monitorId} ${feature}`,
      firstFrom: new Date("2001-05-01"),
      lastFrom: from,
      lastTo: to,
      windows: 2,
      score: verdict.score,
      explanation: "It drifted.",
    },
  });
  await prisma().monitorVerdict.create({
    data: {
      ...verdict,
      ...(details && { details }),
      monitorId,
      feature,
      featureVersionId: fixture.versions["airport.segment@1"] as string,
      windowFrom: from,
      windowTo: to,
      warn: 0.1,
      critical: 0.25,
      reference: "2001-01",
      state: "warn",
      referenceRows: 1000n,
      rows: 1000n,
      explanation: "It drifted.",
    },
  });
}

describe("getHome", () => {
  it("shows what waits for those who may decide it, and not for its author or who has decided", async () => {
    await request({ number: 1, author: "ada" });
    await request({
      number: 2,
      author: "ada",
      state: "changes_requested",
      decidedBy: "chiara",
      decision: "request_changes",
    });
    await request({ number: 3, author: "bram", state: "approved", decidedBy: "chiara" });
    // The page of changes lists the same, newest first.
    const waitingFor = async (person: keyof Fixture["people"]) => {
      const onHome = (await getHome(fixture.people[person], "flights")).waiting.map(({ number }) => number);
      const { items, total } = await listChanges(fixture.people[person], { workspace: "flights", view: "waiting" });
      expect(items.map(({ number }) => number).reverse()).toEqual(onHome);
      expect(total).toBe(onHome.length);
      return onHome;
    };
    expect(await waitingFor("bram")).toEqual([1, 2]);
    expect(await waitingFor("chiara")).toEqual([1]);
    expect(await waitingFor("ada")).toEqual([]);
    expect(await waitingFor("devi")).toEqual([]);
  });

  it("names what needs attention: critical drift of what is served, late failures, leaking models", async () => {
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
    const { attention } = await getHome(fixture.people.devi, "flights");
    expect(attention).toContainEqual(
      expect.objectContaining({
        kind: "run",
        title: "Run 90: fit lateness",
        sentence: "The column delay is gone.",
        href: `/runs/${id}`,
      }),
    );
    expect(attention.find(({ kind }) => kind === "leak")?.sentence).toMatch(/cannot be trusted.*airport\.segment/);
    const drifting = attention.filter(({ kind }) => kind === "drift");
    expect(drifting.length).toBeGreaterThan(0);
    expect(new Set(drifting.map(({ title }) => title)).size).toBe(drifting.length);
  });

  it("links critical drift to the comparison that comes to the score it names", async () => {
    const { attention } = await getHome(fixture.people.devi, "flights");
    const drifting = attention.filter(({ kind }) => kind === "drift");
    for (const { title, sentence, href } of drifting) {
      const query = Object.fromEntries(new URL(href, "http://portal").searchParams);
      expect(query).toMatchObject({ feature: title, reference: "2001-01" });
      const { month, ...terms } = compareContract.query
        .omit({ window: true })
        .extend({ month: z.string() })
        .parse({ workspace: "flights", ...query });
      const comparison = await compareDrift(fixture.people.devi, { ...terms, window: month });
      expect(sentence).toContain(`${describeScore(comparison.metric, comparison.score)} in `);
    }
  });

  it("never speaks of a window that data cover in part, nor do discovery and lineage", async () => {
    const feature = "airport.departures_7d";
    const of = { featureVersion: { feature: { name: feature } } };
    const newestWindow = await prisma().driftResult.findFirstOrThrow({
      where: { featureVersion: { ...of.featureVersion, pointers: { some: { environment: "production" } } } },
      orderBy: { current: { windowFrom: "desc" } },
    });
    const was = await prisma().driftResult.findMany({ where: of });
    const known = async () => {
      const { attention } = await getHome(fixture.people.devi, "flights");
      const documents = await loadDocuments(fixture.workspace.id);
      const facts = await loadNodeFacts(fixture.workspace.id, [`feature:${feature}`]);
      return [
        attention.find(({ kind, title }) => kind === "drift" && title === feature)?.sentence,
        [...documents.values()].find(({ name }) => name === feature)?.drift?.state,
        facts.get(`feature:${feature}`)?.drift,
      ];
    };
    try {
      // All windows are fine but the newest, of which there is a day.
      await prisma().driftResult.updateMany({ where: of, data: { state: "fine", severity: 0 } });
      const { id } = newestWindow;
      await prisma().driftResult.update({ where: { id }, data: { state: "critical", severity: 900 } });
      expect(await known()).toEqual([expect.stringMatching(/Critical drift/), "critical", "critical"]);
      await prisma().driftResult.update({ where: { id }, data: { isPartial: true } });
      expect(await known()).toEqual([undefined, "fine", "fine"]);
    } finally {
      for (const { id, state, severity } of was)
        await prisma().driftResult.update({ where: { id }, data: { state, severity, isPartial: false } });
    }
  });

  it("names the figure of an alert, and links to the alert's own picture", async () => {
    const monitorId = await monitor("traffic", { metric: "natural" });
    const conceptId = await monitor("outcomes", { drift: "concept", metric: "log_loss" });
    await alert(monitorId, 1, "airport.departures_7d", { metric: "psi", score: 0.1349 });
    await alert(monitorId, 2, "airport.segment", { metric: "chi_square_p", score: 0.0421 });
    await alert(monitorId, 3, "airport.delay_mean_7d", {
      metric: "psi",
      score: 0.02,
      details: { because: "missing", missing: { reference: 0, current: 0.3 } },
    });
    await alert(conceptId, 4, "flight.late_probability", {
      metric: "log_loss",
      score: 1e-12,
      details: { metric: "log_loss", value: 0.5552 },
    });
    const { attention } = await getHome(fixture.people.devi, "flights");
    const alerts = attention.filter(({ kind }) => kind === "alert");
    const sentences = new Map(alerts.map(({ title, sentence }) => [title, sentence]));
    expect(sentences.get("airport.departures_7d")).toBe("traffic alerts: warn, PSI 0.135, 2 windows since 2001-05-01.");
    expect(sentences.get("airport.segment")).toContain("warn, Chi-square p 0.042, 2 windows");
    expect(sentences.get("airport.delay_mean_7d")).toContain("warn, missing 0.0 % → 30.0 %, 2 windows");
    expect(sentences.get("flight.late_probability")).toContain("outcomes alerts: warn, log loss 0.5552, 2 windows");
    const { items } = await listAlerts(fixture.people.devi, { workspace: "flights", state: "open", limit: 50 });
    expect(alerts.map(({ title, href }) => [title, href]).sort()).toEqual(
      items.map(({ feature, picture }) => [feature, picture]).sort(),
    );
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

  it("counts and draws a feature as discovery and its page do", async () => {
    const { popular } = await getHome(fixture.people.ada, "flights");
    const all = await findFeatures(fixture.people.ada, FeatureQuery.parse({ workspace: "flights" }));
    for (const { name, consumers, usedBy, picture, histogram } of popular) {
      const found = all.find((one) => one.name === name);
      const page = await getFeature(fixture.people.ada, "flights", name);
      expect([found?.consumers, found?.usedBy, found?.picture, found?.sparkline]).toEqual([consumers, usedBy, picture, histogram]); // prettier-ignore
      expect([page.usedBy, page.picture]).toEqual([usedBy, picture]);
      // What is said of the picture is what its page draws.
      const { version, parts } = await getFeatureProfiles(fixture.people.ada, name, { workspace: "flights" });
      if (picture) expect([version, parts[0]?.part, parts[0]?.rows, parts[0]?.dataset]).toEqual([picture.version, "all", picture.rows, picture.dataset]); // prettier-ignore
    }
    expect(popular.find(({ name }) => name === "airport.segment")?.picture?.version).toBeGreaterThan(0);
  });

  it("is nobody's business without a role", async () => {
    await expect(getHome(fixture.stranger, "flights")).rejects.toMatchObject({ code: "not_found" });
  });
});
