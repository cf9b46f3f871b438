import { describe, expect, it } from "vitest";
import { type RunFacts, toTrackedRun } from "./tracked-run";

const FACTS: RunFacts = {
  id: "0197-a",
  number: 12,
  workspace: "flights",
  pipeline: "late_departures",
  title: "late_departures · variant 2",
  kind: "fit",
  deployment: { name: "late", job: "fit" },
  startedBy: "Ada",
  url: "http://localhost:3000/runs/0197-a",
  startedAt: new Date("2026-01-02T03:04:05Z"),
  finishedAt: new Date("2026-01-02T03:05:05Z"),
  planSignature: "abc",
  choice: { "flight.p": "late_logistic" },
  stages: [
    { name: "late_logistic", operator: "LogisticRegression", params: { regParam: 0.1, family: "auto", thresholds: null }, digest: "d".repeat(64) },
    { name: "prepare", operator: "sql", params: { statement: `SELECT ${"x".repeat(5994)}` }, digest: "e".repeat(64) },
  ],
  metrics: { test: { auc: 0.61, rows: 10, nothing: NaN }, train: { auc: 0.7 } },
  engine: "local",
  environment: { commit: "4f1c2d9" },
  inputs: [{ dataset: "flights", version: 3, digest: "f".repeat(64), rows: 500, uri: "file:///a.parquet", columns: [{ name: "x", type: "double" }, { name: "v", type: "vector" }, { name: "at", type: "date" }] }],
  model: { name: "late_model", version: 4, verdict: "safe", sentence: "The test score can be trusted." },
}; // prettier-ignore
const find = (list: { key: string; value: unknown }[], key: string) => list.find((one) => one.key === key)?.value;

describe("a run as MLflow keeps it", () => {
  it("has its parameters, and those that are too long in a file, whole", () => {
    const run = toTrackedRun(FACTS);
    expect(find(run.params, "late_logistic.regParam")).toBe("0.1");
    expect(find(run.params, "late_logistic.family")).toBe("auto");
    expect(find(run.params, "late_logistic.thresholds")).toBe("null");
    expect(find(run.params, "choice.flight.p")).toBe("late_logistic");
    const statement = FACTS.stages[1]?.params.statement as string;
    expect(statement).toHaveLength(6001);
    expect(find(run.params, "prepare.statement")).toBe("6001 characters, in full in the artifact tributary/parameters.json"); // prettier-ignore
    expect(run.longParams).toEqual({ "prepare.statement": statement });
    const short = { ...FACTS, stages: [{ ...FACTS.stages[0]!, params: { statement: statement.slice(1) } }] };
    expect(toTrackedRun(short).longParams).toEqual({});
    expect(find(toTrackedRun(short).params, "late_logistic.statement")).toBe(statement.slice(1));
  });

  it("has metrics by part, at the moment of its end, without what is no number", () => {
    const at = Date.parse("2026-01-02T03:05:05Z");
    expect(toTrackedRun(FACTS).metrics).toEqual([
      { key: "test/auc", value: 0.61, timestamp: at, step: 0 },
      { key: "test/rows", value: 10, timestamp: at, step: 0 },
      { key: "train/auc", value: 0.7, timestamp: at, step: 0 },
    ]);
  });

  it("can be found, says what it was made of, and leads back", () => {
    const { tags, experiment, name } = toTrackedRun(FACTS);
    expect([experiment, name]).toEqual(["flights.late_departures", "fit 12"]);
    expect(find(tags, "tributary.run_id")).toBe("0197-a");
    expect(find(tags, "tributary.url")).toBe("http://localhost:3000/runs/0197-a");
    expect(find(tags, "tributary.plan_signature")).toBe("abc");
    expect(find(tags, "tributary.data.flights")).toBe("v3");
    expect(find(tags, "tributary.model")).toBe("late_model v4");
    expect(find(tags, "mlflow.source.git.commit")).toBe("4f1c2d9");
    expect(find(tags, "mlflow.user")).toBe("Ada");
  });

  it("has what it read, with the version in a digest of at most 36 characters and the whole digest in the source", () => {
    const [input] = toTrackedRun(FACTS).datasets;
    expect(input?.dataset.name).toBe("flights.flights");
    expect(input?.dataset.digest).toBe(`v3-${"f".repeat(33)}`);
    expect(JSON.parse(input?.dataset.source ?? "")).toEqual({ uri: "file:///a.parquet", version: 3, digest: "f".repeat(64) }); // prettier-ignore
    expect(JSON.parse(input?.dataset.profile ?? "")).toEqual({ num_rows: 500 });
    expect(JSON.parse(input?.dataset.schema ?? "")).toEqual({
      mlflow_colspec: [
        { type: "double", name: "x", required: false },
        { type: "array", items: { type: "double" }, name: "v", required: false },
        { type: "datetime", name: "at", required: false },
      ],
    });
  });
});
