import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { type Histogram, totalOf } from "@/lib/domain/statistics/histogram";
import { percent, sharesOf } from "@/components/drift/bar-shares";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { listMonitors } from "../monitors/monitors";
import { runMonitor } from "../monitors/run-monitor";
import { exportDrift, getDrift } from "./map";
import { compareDrift } from "./window";

let fixture: Fixture;
const dev = {
  workspace: "flights",
  environment: "dev" as const,
  metric: "natural" as const,
  calibrated: "false" as const,
};

/** While it lasts, windows are counted otherwise. */
async function whileCounted(otherwise: (histogram: Histogram) => Histogram, look: () => Promise<void>): Promise<void> {
  const profiles = await prisma().profile.findMany({ where: { windowFrom: { not: null } } });
  const store = (histogramOf: (histogram: Histogram) => Histogram) =>
    Promise.all(
      profiles.map(({ id, histogram }) =>
        prisma().profile.update({
          where: { id },
          data: { histogram: histogramOf(histogram as unknown as Histogram) as unknown as object },
        }),
      ),
    );
  await store(otherwise);
  try {
    await look();
  } finally {
    await store((histogram) => histogram);
  }
}

const all = { ...dev, sort: "severity" as const, windows: 12, limit: 50 };

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

describe("getDrift", () => {
  it("has the served features by month against the first", async () => {
    const map = await getDrift(fixture.people.ada, { ...all, metric: "psi" });
    expect(map).toMatchObject({ metric: "psi", warn: 0.1, critical: 0.25, isCalibrated: false });
    expect(map.windows).toEqual(["2001-01", "2001-02", "2001-03", "2001-04", "2001-05", "2001-06"]);
    for (const row of map.items) {
      expect(row.cells.map((cell) => cell.window)).toEqual(map.windows);
      expect(row.cells[0]).toMatchObject({ state: "fine", score: null, isReference: true });
      expect(row.referenceShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    }
    const stored = await prisma().driftResult.findMany({ where: { state: "critical" } });
    expect(stored.length).toBeGreaterThan(0);
    expect(map.summary.critical).toBeGreaterThan(0);
    expect(map.summary.worst).toHaveLength(Math.min(10, map.summary.critical));
    expect(map.summary.share).toBeCloseTo(map.summary.warned / map.summary.judged);
    expect(map.summary.datasets).toContainEqual(expect.objectContaining({ entity: "airport", window: "2001-06" }));
  });

  it("chooses the metric by type, and any other is computed from the same profiles", async () => {
    const figures = async (metric: "natural" | "normed_wasserstein" | "ks" | "missing_rate") => {
      const { items: rows } = await getDrift(fixture.people.ada, { ...all, metric });
      return new Map(rows.map((row) => [row.feature, row.cells.at(-1)]));
    };
    const natural = await figures("natural");
    expect(natural.get("airport.departures_7d")).toMatchObject({ metric: "psi", warn: 0.1, critical: 0.25 });
    expect(natural.get("airport.segment")).toMatchObject({ metric: "js_distance", warn: 0.1, critical: 0.2 });
    const wasserstein = await figures("normed_wasserstein");
    // The mean moves by 38 a month, of a standard deviation of 190.
    expect(wasserstein.get("airport.departures_7d")?.score).toBeCloseTo((5 * 38) / 190, 1);
    expect((await figures("ks")).get("airport.segment")).toMatchObject({ state: "insufficient_data" });
    expect((await figures("missing_rate")).get("airport.departures_7d")).toMatchObject({ score: 0, state: "fine" });
  });

  it("compares with the window before, with a chosen one, and by thresholds of one's own", async () => {
    const map = (more: object) => getDrift(fixture.people.ada, { ...all, metric: "psi" as const, ...more });
    const row = async (more: object) =>
      (await map(more)).items.find(({ feature }) => feature === "airport.departures_7d");
    const first = await row({});
    const before = await row({ reference: "before" });
    expect(before?.cells.at(-1)?.score).toBeLessThan(first?.cells.at(-1)?.score ?? 0);
    expect((await row({ reference: "2001-06" }))?.cells.map((cell) => cell.isReference).indexOf(true)).toBe(5);
    expect((await map({ warn: 50, critical: 60 })).summary.warned).toBe(0);
    await expect(map({ warn: 2, critical: 1 })).rejects.toMatchObject({ code: "invalid" });
    await expect(map({ metric: "natural", warn: 2 })).rejects.toThrow("accepts no others");
    const filtered = await map({ view: "airport_stats" });
    expect(filtered.items.every(({ views }) => views.includes("airport_stats"))).toBe(true);
    await expect(map({ view: "nothing" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("has what a model reads, against the rows that it was trained on", async () => {
    const { name } = await prisma().model.findFirstOrThrow();
    const map = await getDrift(fixture.people.ada, { ...all, model: name });
    expect(map.model).toMatchObject({ name, isServing: false });
    expect(map.items.length).toBeGreaterThan(0);
    expect(map.items.every(({ reference }) => reference === "the train part")).toBe(true);
    const [row] = map.items;
    const comparison = await compareDrift(fixture.people.ada, {
      ...dev,
      model: name,
      feature: row?.feature ?? "",
      window: "2001-06",
    });
    expect(comparison).toMatchObject({ reference: { label: "the train part" }, score: row?.cells.at(-1)?.score });
    const calibrated = await getDrift(fixture.people.ada, { ...all, model: name, calibrated: "true" });
    expect(calibrated.summary.warned).toBeLessThanOrEqual(map.summary.warned);
  });

  it("says what the monitor of the same model says, by the monitor's terms", async () => {
    const { name } = await prisma().model.findFirstOrThrow();
    const { workspaceId } = await prisma().feature.findFirstOrThrow();
    const monitor = await prisma().monitor.create({
      data: {
        workspaceId,
        name: "zz_model_inputs",
        digest: "of the test",
        createdBy: fixture.people.ada.id,
        updatedBy: fixture.people.ada.id,
        owner: "ada",
        description: "",
        definition: {
          kind: "Monitor",
          name: "zz_model_inputs",
          model: name,
          environment: "dev",
          reference: { part: "train" },
          metric: "js_distance",
        },
      },
    });
    try {
      await runMonitor(monitor.id);
      const { workspace } = dev;
      const page = { workspace, sort: "severity" as const, windows: 12, limit: 50 };
      const map = await getDrift(fixture.people.ada, { ...page, model: name });
      expect(map).toMatchObject({ monitor: "zz_model_inputs", metric: "js_distance", reference: "part:train" });
      const { items } = await listMonitors(fixture.people.ada, workspace);
      const { dataset } = items.find((one) => one.name === "zz_model_inputs")!;
      // The map counts by entity, the monitor over all that it watches.
      const own = map.summary.datasets.filter(({ window }) => dataset?.from.startsWith(window));
      const total = (of: "drifted" | "judged") => own.reduce((sum, one) => sum + one[of], 0);
      expect(own).toHaveLength(map.summary.datasets.length);
      expect([total("drifted"), total("judged")]).toEqual([dataset?.drifted, dataset?.judged]);
      expect([map.summary.now, map.summary.judged]).toEqual([dataset?.drifted, dataset?.judged]);
      const verdicts = await prisma().monitorVerdict.findMany({ where: { monitorId: monitor.id } });
      const cells = map.items.flatMap(({ feature, cells: of }) => of.map((cell) => ({ feature, ...cell })));
      for (const { feature, windowFrom, score, state } of verdicts)
        expect(
          cells.find((cell) => cell.feature === feature && windowFrom.toISOString().startsWith(cell.window)),
        ).toMatchObject({ score, state });
      // What is asked for in so many words is answered so.
      expect(await getDrift(fixture.people.ada, { ...page, model: name, metric: "psi" })).toMatchObject({
        monitor: null,
        metric: "psi",
      });
    } finally {
      await prisma().monitor.update({ where: { id: monitor.id }, data: { retiredAt: new Date() } });
    }
  });

  it("never calls a window the worst that has only begun", async () => {
    const last = await prisma().profile.findFirstOrThrow({
      where: { windowFrom: { not: null } },
      orderBy: { windowFrom: "desc" },
    });
    const days = await prisma().profile.findMany({ where: { windowFrom: last.windowFrom } });
    const thinned = (histogram: Histogram) => ({
      ...histogram,
      // All of what is left lies in one bucket, as of one day.
      counts: histogram.counts.map((_, at) => (at === 0 ? 60 : 0)),
    });
    const store = (of: (histogram: Histogram) => Histogram) =>
      Promise.all(
        days.map(({ id, histogram }) =>
          prisma().profile.update({
            where: { id },
            data: { histogram: of(histogram as unknown as Histogram) as unknown as object },
          }),
        ),
      );
    await store(thinned);
    try {
      const map = await getDrift(fixture.people.ada, { ...all, metric: "psi" });
      expect(map.items.every(({ cells }) => cells.at(-1)?.isPartial)).toBe(true);
      expect(map.items.some(({ cells }) => (cells.at(-1)?.severity ?? 0) > 10)).toBe(true);
      expect(map.summary.worst.map(({ window }) => window)).not.toContain("2001-06");
      expect(map.summary.datasets).toContainEqual(expect.objectContaining({ entity: "airport", window: "2001-05" }));
    } finally {
      await store((histogram) => histogram);
    }
  });

  it("compares with the same season a year before, and says what nobody reads", async () => {
    const { items } = await getDrift(fixture.people.ada, { ...all, metric: "psi", reference: "season" });
    expect(items[0]?.cells[0]?.explanation).toContain("the same window a year before it is not profiled");
    const read = new Set(
      (
        await prisma().leakageVerdict.findMany({
          select: { featureVersion: { select: { feature: true, version: true } } },
        })
      ).map(({ featureVersion }) => `${featureVersion.feature.name}@${featureVersion.version}`),
    );
    for (const { feature, version, isRead } of items)
      if (read.has(`${feature}@${version}`)) expect([feature, isRead]).toEqual([feature, true]);
  });

  it("opens on what production serves", async () => {
    const { environment: _, metric: __, calibrated: ___, ...open } = all;
    const map = await getDrift(fixture.people.ada, open);
    expect(map).toMatchObject({ environment: "production", metric: "natural", reference: "first", monitor: null });
  });

  it("follows the pointers of the environment", async () => {
    const versionOf = async (environment: "dev" | "production") =>
      (await getDrift(fixture.people.ada, { ...all, environment })).items.find(
        (row) => row.feature === "airport.segment",
      )?.version;
    expect(await versionOf("dev")).toBe(2);
    expect(await versionOf("production")).toBe(1);
  });

  it("answers a page of the features that the filters let through, and the whole of them in numbers", async () => {
    const whole = await getDrift(fixture.people.ada, all);
    const names = whole.items.map(({ feature }) => feature);
    expect(whole).toMatchObject({ total: names.length, nextCursor: null });
    expect(whole.features).toMatchObject({ profiled: names.length });
    expect(whole.features.served).toBe(names.length + whole.features.unprofiled.length);
    const severities = whole.items.map(({ severity }) => severity ?? -1);
    expect(severities).toEqual([...severities].sort((one, other) => other - one));
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await getDrift(fixture.people.ada, { ...all, limit: 2, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.items.map(({ feature }) => feature));
      expect(page).toMatchObject({ total: whole.total, summary: whole.summary, windows: whole.windows });
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(names);
    expect(whole.entities.length).toBeGreaterThan(0);
    for (const entity of whole.entities) {
      const own = await getDrift(fixture.people.ada, { ...all, entity, sort: "name" });
      const expected = whole.items.filter((row) => row.entity === entity).map(({ feature }) => feature);
      expect(own.items.map(({ feature }) => feature)).toEqual(expected.sort());
      expect(own.summary.datasets.map((dataset) => dataset.entity)).toEqual([entity]);
    }
    expect((await getDrift(fixture.people.ada, { ...all, owner: "nobody" })).items).toEqual([]);
  });

  it("answers the newest windows only, judged as among all of them", async () => {
    const [whole, newest] = [
      await getDrift(fixture.people.ada, all),
      await getDrift(fixture.people.ada, { ...all, windows: 2 }),
    ];
    expect(newest.items).toEqual(whole.items.map((row) => ({ ...row, cells: row.cells.slice(-2) })));
    expect(newest.summary).toEqual(whole.summary);
  });

  it("answers one feature, judged as among all of them", async () => {
    const whole = await getDrift(fixture.people.ada, all);
    for (const { feature, ...row } of whole.items) {
      const own = await getDrift(fixture.people.ada, { ...all, feature });
      expect(own).toMatchObject({ total: 1, items: [{ feature, ...row }] });
      expect(own.windows).toEqual(row.cells.map(({ window }) => window));
    }
    expect((await getDrift(fixture.people.ada, { ...all, feature: "airport.nothing" })).items).toEqual([]);
  });

  it("corrects the tests of one feature for those of the others in its window", async () => {
    const few = (histogram: Histogram): Histogram => {
      const part = 500 / totalOf(histogram);
      return { ...histogram, counts: histogram.counts.map((count) => Math.round(count * part)) };
    };
    await whileCounted(few, async () => {
      const whole = await getDrift(fixture.people.ada, all);
      const tested = whole.items.filter(({ cells }) => cells.some(({ metric }) => metric?.endsWith("_p")));
      expect(tested.length).toBeGreaterThan(1);
      for (const { feature, cells } of tested) {
        const own = await getDrift(fixture.people.ada, { ...all, feature });
        expect(own.items[0]?.cells).toEqual(cells);
      }
    });
  });

  it("answers a served column that nobody documented, when it is asked for by name", async () => {
    const name = "airport.departures_7d";
    const document = (declared: boolean) => prisma().feature.updateMany({ where: { name }, data: { declared } });
    await document(false);
    try {
      expect((await getDrift(fixture.people.ada, all)).items.map(({ feature }) => feature)).not.toContain(name);
      const { items } = await getDrift(fixture.people.ada, { ...all, feature: name });
      expect(items[0]?.cells.at(-1)?.score).toBeGreaterThan(0);
      const window = { ...dev, feature: name, window: "2001-06" };
      expect((await compareDrift(fixture.people.ada, window)).score).toBe(items[0]?.cells.at(-1)?.score);
    } finally {
      await document(true);
    }
  });

  it("is taken as CSV whole, with the words and figures of the map", async () => {
    const { items } = await getDrift(fixture.people.ada, all);
    let csv = "";
    for await (const piece of await exportDrift(fixture.people.ada, { ...dev, sort: "severity" })) csv += piece;
    const [header, ...lines] = csv.trimEnd().split("\r\n");
    expect(header).toMatch(/^feature,version,entity,owner,window,reference,metric,score,/);
    expect(lines).toHaveLength(items.reduce((sum, { cells }) => sum + cells.length, 0));
    const [row] = items;
    expect(lines[0]).toContain(`${row?.feature},${row?.version},`);
    expect(lines[1]).toContain(String(row?.cells[1]?.score));
  });

  it("is for those who can see the workspace", async () => {
    await expect(getDrift(fixture.stranger, all)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("compareDrift", () => {
  it("lays a month over January in the same buckets, with the score of the map", async () => {
    const { summary, items: rows } = await getDrift(fixture.people.ada, all);
    const feature = summary.worst[0]?.feature as string;
    const cell = rows.find((row) => row.feature === feature)?.cells.at(-1);
    const comparison = await compareDrift(fixture.people.ada, { ...dev, feature, window: "2001-06" });
    expect(comparison).toMatchObject({
      state: "critical",
      reference: { label: "2001-01" },
      current: { label: "2001-06" },
    });
    expect(comparison.score).toBe(cell?.score);
    const total = (side: "reference" | "current") => comparison.bars.reduce((sum, bar) => sum + bar[side], 0);
    expect([total("reference"), total("current")]).toEqual([comparison.reference.rows, comparison.current.rows]);
  });

  it("has the buckets that the sentence speaks of, with the same shares of values", async () => {
    const scattered = (histogram: Histogram): Histogram => {
      const counts = histogram.counts.map((count, at) => (at === 0 ? count + totalOf(histogram) : count));
      return histogram.kind === "numeric"
        ? { ...histogram, counts, underflow: 300, overflow: 200, missing: 400, nan: 100 }
        : { ...histogram, counts, missing: 400 };
    };
    const feature = "airport.departures_7d";
    await whileCounted(scattered, async () => {
      const { explanation, bars } = await compareDrift(fixture.people.ada, { ...dev, feature, window: "2001-06" });
      const said = /greatest change is in the bucket (.+): (.+) of values in the reference, (.+) now/.exec(explanation);
      const change = sharesOf(bars).find(({ label }) => label === said?.[1]);
      expect(change && [percent(change.reference.share), percent(change.current.share)]).toEqual(said?.slice(2));
    });
  });

  it("says which months there are", async () => {
    await expect(
      compareDrift(fixture.people.ada, { ...dev, feature: "airport.departures_7d", window: "2002-01" }),
    ).rejects.toMatchObject({ code: "not_found", context: { windows: expect.arrayContaining(["2001-06"]) } });
  });
});
