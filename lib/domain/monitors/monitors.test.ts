import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MonitorDefinition } from "../definitions/monitor";
import { countNumbers, type Histogram } from "../statistics/histogram";
import { judgeDataset } from "./dataset-drift";
import { evaluateMonitor, type MonitoredFeature, type WindowVerdict } from "./evaluate-monitor";
import { type AlertStep, type LiveAlert, planAlerts, planDrops, stateNow } from "./plan-alerts";

const EDGES = [0, 10, 20];
/** 100 rows, of which `high` are in the upper bucket. */
const rows = (high: number, total = 100): Histogram =>
  countNumbers([...new Array<number>(total - high).fill(5), ...new Array<number>(high).fill(15)], EDGES);

const month = (number: number) => `2001-${String(number).padStart(2, "0")}-01T00:00:00.000Z`;
const monthly = (name: string, highs: number[], total?: number): MonitoredFeature => ({
  feature: name,
  versionId: `${name}-1`,
  windows: highs.map((high, at) => ({ from: month(at + 1), to: month(at + 2), histogram: rows(high, total) })),
  parts: { train: { histogram: rows(50) } },
  consumers: [],
});
const monitor = (more: Partial<MonitorDefinition> = {}): MonitorDefinition => ({
  kind: "Monitor",
  name: "m",
  view: "v",
  environment: "dev",
  reference: { window: [month(1), month(2)] },
  metric: "total_variation",
  ...more,
});
const states = (verdicts: WindowVerdict[]) => verdicts.map(({ state }) => state);

describe("evaluateMonitor", () => {
  it("compares every later window with a fixed one, which is not judged itself", () => {
    const verdicts = evaluateMonitor(monitor(), [monthly("a", [50, 52, 65, 90])]);
    expect(states(verdicts)).toEqual(["fine", "warn", "critical"]);
    expect(verdicts[1]).toMatchObject({ from: month(3), reference: "2001-01-01 to 2001-02-01", rows: [100, 100] });
    expect(verdicts[1]?.score).toBeCloseTo(0.15, 12);
    expect(verdicts[1]?.severity).toBeCloseTo(1.5, 12);
  });

  it("knows a moment however it is written", () => {
    const reference = { window: ["2001-01-01T00:00:00Z", "2001-02-01T01:00:00+01:00"] as [string, string] };
    expect(states(evaluateMonitor(monitor({ reference }), [monthly("a", [50, 52, 90])]))).toEqual(["fine", "critical"]);
    const range = { from: "2001-03-01T00:00:00Z", to: "2001-04-01T00:00:00Z" };
    expect(evaluateMonitor(monitor({ reference }), [monthly("a", [50, 52, 90, 90])], range)).toHaveLength(1);
  });

  it("adds the windows of a longer reference up", () => {
    const [verdict] = evaluateMonitor(monitor({ reference: { window: [month(1), month(3)] } }), [
      monthly("a", [0, 100, 50]),
    ]);
    expect(verdict).toMatchObject({ score: 0, rows: [200, 100] });
  });

  it("compares with the windows before, once there are enough of them", () => {
    const verdicts = evaluateMonitor(monitor({ reference: { rolling: 2 } }), [monthly("a", [50, 50, 50, 90])]);
    expect(states(verdicts)).toEqual(["insufficient_data", "insufficient_data", "fine", "critical"]);
    expect(verdicts[0]?.explanation).toBe("0 of the 2 windows before are profiled.");
  });

  it("compares with a part, and says so when it is not there", () => {
    const feature = monthly("a", [50, 90]);
    expect(states(evaluateMonitor(monitor({ reference: { part: "train" } }), [feature]))).toEqual(["fine", "critical"]);
    const [missing] = evaluateMonitor(monitor({ reference: { part: "test" } }), [feature]);
    expect(missing).toMatchObject({ state: "insufficient_data", explanation: "a has no profile of the test part." });
  });

  it.each<[string, MonitoredFeature]>([
    ["too few rows", monthly("a", [5, 5], 10)],
    ["no rows", monthly("a", [0, 0], 0)],
    ["other buckets", { ...monthly("a", [50]), windows: [...monthly("a", [50]).windows, { from: month(2), to: month(3), histogram: countNumbers([1, 2], [0, 1, 2]) }] }],
    ["no reference", { ...monthly("a", []), windows: [{ from: month(3), to: month(4), histogram: rows(50) }] }],
  ])("gives a reason instead of a score: %s", (_, feature) => {
    const verdicts = evaluateMonitor(monitor(), [feature]);
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ state: "insufficient_data", score: null, severity: null });
    expect(verdicts[0]?.explanation).not.toBe("");
  }); // prettier-ignore

  it("judges only the range that was asked for", () => {
    const range = { from: month(3), to: month(4) };
    expect(evaluateMonitor(monitor(), [monthly("a", [50, 50, 90, 90])], range).map(({ from }) => from)).toEqual([
      month(3),
    ]);
  });

  it("counts a dataset as drifted from half of its features on", () => {
    const verdicts = evaluateMonitor(monitor(), [
      monthly("a", [50, 90]),
      monthly("b", [50, 50]),
      monthly("c", [5, 5], 10),
    ]);
    expect(judgeDataset(verdicts)).toEqual([
      { from: month(2), to: month(3), features: 3, judged: 2, drifted: 1, isDrift: true },
    ]);
  });
});

describe("natural, calibrated, corrected", () => {
  const natural = monitor({ metric: "natural" });
  it("corrects p-values over the features of a window", () => {
    const names = ["a", "b", "c", "d", "e"];
    // One of five features moved: by itself p is below 5 %, among five it is not.
    const features = names.map((name) => monthly(name, [50, name === "a" ? 70 : 50], 100));
    const alone = evaluateMonitor(natural, features.slice(0, 1))[0];
    const among = evaluateMonitor(natural, features)[0];
    expect(alone?.details?.figure).toBe("ks_p");
    expect(alone?.details?.test?.corrected).toBe(alone?.details?.test?.pValue);
    expect(among?.details?.test?.corrected).toBeCloseTo((alone?.score ?? NaN) * 5, 12);
    expect(states([alone!, among!])).toEqual(["warn", "fine"]);
    expect(among?.severity).toBeCloseTo(0.05 / (among?.score ?? NaN), 9);
    expect(among?.explanation).toContain("before correction for several features");
  });

  it("raises thresholds to the noise of a consuming model, and says so", () => {
    const consumers = [
      { model: "quiet", train: { histogram: rows(50) }, test: { histogram: rows(51) } },
      { model: "noisy", train: { histogram: rows(50) }, test: { histogram: rows(70) } },
    ];
    const feature = { ...monthly("a", [50, 65, 90]), consumers };
    expect(states(evaluateMonitor(monitor(), [feature]))).toEqual(["warn", "critical"]);
    const [first, second] = evaluateMonitor(monitor({ calibrated: true }), [feature]);
    expect(first).toMatchObject({
      state: "fine",
      warn: expect.closeTo(0.3, 9) as number,
      critical: expect.closeTo(0.6, 9) as number,
    });
    expect(second).toMatchObject({ state: "warn", details: { calibration: { model: "noisy" } } });
    expect(first?.explanation).toContain("1.5 × Total variation 0.20 between the train and test parts of noisy");
    const [quiet] = evaluateMonitor(monitor({ calibrated: true }), [{ ...feature, consumers: consumers.slice(0, 1) }]);
    expect(quiet).toMatchObject({ state: "warn", warn: 0.1 });
    expect(quiet?.explanation).toContain("Calibration changes nothing");
  });
});

const window = (at: number, state: WindowVerdict["state"]): WindowVerdict => ({
  feature: "a",
  versionId: "a-1",
  from: month(at),
  to: month(at + 1),
  state,
  score: 0.2,
  severity: state === "critical" ? 3 : state === "warn" ? 1.5 : 0.5,
  rows: [100, 100],
  reference: "",
  explanation: "",
});
const LETTERS = { f: "fine", w: "warn", c: "critical", "-": "insufficient_data" } as const;
const windows = (text: string, first = 1) =>
  [...text].map((letter, at) => window(at + first, LETTERS[letter as keyof typeof LETTERS]));
const inWords = (steps: AlertStep[]) =>
  steps.map((step) => ("windows" in step ? `${step.kind} ${step.windows} ${step.worst}` : step.kind));

describe("planAlerts", () => {
  it.each<[string, number, string[]]>([
    ["fff", 1, []],
    ["ffw", 1, ["open 1 1.5"]],
    ["wwc", 1, ["open 3 3"]],
    ["w-c", 1, ["open 2 3"]],
    ["---", 1, []],
    ["wff", 1, ["past 1 1.5"]],
    ["wfc", 1, ["past 1 1.5", "open 1 3"]],
    ["wfw", 2, []],
    ["wwf", 2, ["past 2 1.5"]],
    ["ww", 2, ["open 2 1.5"]],
  ])("without an alert, %s with %i in a row", (text, after, expected) => {
    expect(inWords(planAlerts({ after }, [], windows(text)))).toEqual(expected);
  });

  const live: LiveAlert = { id: "1", feature: "a", firstFrom: month(1), lastFrom: month(2) };
  it.each<[string, string[]]>([
    ["ww", []],
    ["wwc", ["update 1 3"]],
    ["wwf", ["resolve"]],
    ["wwfc", ["resolve", "open 1 3"]],
    ["ww--", []],
    // Judged anew: fine by now in the newest window that the alert was about.
    ["ff", ["resolve"]],
    ["wf", ["resolve"]],
    ["wfc", ["resolve", "open 1 3"]],
    ["fw", []],
    ["w-", []],
  ])("with one since the first window, seen until the second: %s", (text, expected) => {
    expect(inWords(planAlerts({}, [live], windows(text)))).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ["wwf", []],
    ["wwfw", ["open 1 1.5"]],
    ["wwcf", ["past 1 3"]],
  ])("does not open again what a past alert was about (the first two windows): %s", (text, expected) => {
    const past = [{ feature: "a", firstFrom: month(1), lastFrom: month(2) }];
    expect(inWords(planAlerts({}, [], windows(text), past))).toEqual(expected);
  });

  it("never calls a window the worst that data cover only in part", () => {
    const begun = (all: WindowVerdict[]) => all.map((one, at) => (at === all.length - 1 ? { ...one, rows: [100, 3] as [number, number] } : one)); // prettier-ignore
    expect(inWords(planAlerts({}, [], begun(windows("ffwc"))))).toEqual(["open 2 1.5"]);
    expect(inWords(planAlerts({}, [], begun(windows("fffc"))))).toEqual(["open 1 null"]);
    expect(inWords(planAlerts({}, [], windows("ffwc")))).toEqual(["open 2 3"]);
  });

  it("keeps up with what its newest window comes to when that is judged anew", () => {
    const saying = (state: "warn" | "critical", score: number) => ({ ...live, said: { state, score } });
    expect(planAlerts({}, [saying("warn", 0.2)], windows("ww"))).toEqual([]);
    expect(inWords(planAlerts({}, [saying("warn", 0.2)], windows("wc")))).toEqual(["update 0 3"]);
    expect(inWords(planAlerts({}, [saying("warn", 0.1)], windows("ww")))).toEqual(["update 0 1.5"]);
    expect(inWords(planAlerts({}, [saying("warn", 0.1)], windows("wwc")))).toEqual(["update 1 3"]);
    expect(inWords(planAlerts({}, [saying("warn", 0.1)], windows("wwf")))).toEqual(["resolve"]);
  });

  it.each<[string, string[], string[]]>([
    ["all of its windows are watched", [month(1), month(2), month(3)], []],
    ["its newest is no longer", [month(1)], ["1"]],
    ["its first is no longer", [month(2), month(3)], ["1"]],
    ["nothing of the feature is", [], ["1"]],
  ])("drops an alert unless all of its windows are watched: %s", (_, watched, expected) => {
    const features = [{ feature: "a", windows: watched.map((from) => ({ from })) }];
    expect(planDrops([live], features).map(({ id }) => id)).toEqual(expected);
    expect(planDrops([{ ...live, feature: "b" }], features)).toEqual([{ kind: "drop", id: "1" }]);
  });

  it("keeps at most one alert of a feature alive, and changes nothing when it looks twice", () => {
    const text = fc.array(fc.constantFrom("f", "w", "c", "-"), { maxLength: 11 }).map((letters) => letters.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3 }), (letters, after) => {
        const verdicts = windows(letters);
        const steps = planAlerts({ after }, [], verdicts);
        const opened = steps.filter((step) => step.kind === "open");
        expect(opened.length).toBeLessThanOrEqual(1);
        const [open] = opened;
        if (!open) return;
        const alive = [{ id: "1", feature: "a", firstFrom: month(1), lastFrom: open.verdict.from }];
        expect(planAlerts({ after }, alive, verdicts)).toEqual([]);
      }),
    );
  });

  it("finds over time what it finds at once", () => {
    const text = fc.array(fc.constantFrom("f", "w", "c", "-"), { maxLength: 10 }).map((letters) => letters.join(""));
    const counts = (steps: AlertStep[]) => ({
      raised: steps.filter(({ kind }) => kind === "open" || kind === "past").length,
      alive: steps.some(({ kind }) => kind === "open"),
    });
    fc.assert(
      fc.property(text, (letters) => {
        const verdicts = windows(letters);
        let raised = 0;
        let live: LiveAlert[] = [];
        for (const verdict of verdicts)
          for (const step of planAlerts({}, live, [verdict])) {
            if (step.kind === "open") {
              raised += 1;
              live = [{ id: "1", feature: "a", firstFrom: step.verdict.from, lastFrom: step.verdict.from }];
            } else if (step.kind === "resolve") live = [];
            else live = live.map((alert) => ({ ...alert, lastFrom: step.verdict.from }));
          }
        expect({ raised, alive: live.length > 0 }).toEqual(counts(planAlerts({}, [], verdicts)));
      }),
    );
  });
});

describe("stateNow", () => {
  it("opens again what was snoozed until then", () => {
    const alert = { state: "snoozed" as const, snoozedUntil: new Date("2001-02-01") };
    expect(stateNow(alert, new Date("2001-01-31"))).toBe("snoozed");
    expect(stateNow(alert, new Date("2001-02-01"))).toBe("open");
  });
});
