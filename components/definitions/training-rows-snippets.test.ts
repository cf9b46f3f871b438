import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { HistoricalFeaturesRequest } from "@/lib/contracts/serving";
import { trainingRowsSnippets } from "./training-rows-snippets";

type Keys = Parameters<typeof trainingRowsSnippets>[1];
const snippet = (keys: Keys, language: string) =>
  trainingRowsSnippets("late_model_v1", keys, "http://host").find(({ label }) => label === language)?.code ?? "";

const TWO: Keys = [
  { entity: "airport", name: "ia'ta", type: "string" },
  { entity: "flight", name: "id", type: "bigint" },
];
const ALIKE: Keys = [
  { entity: "trip", name: "id", type: "bigint" },
  { entity: "driver", name: "id", type: "bigint" },
];

describe("trainingRowsSnippets", () => {
  it("gives curl a request that the endpoint takes, with a column for each key", () => {
    const args = execFileSync("sh", ["-c", snippet(TWO, "curl").replace("curl -sS", "printf '%s\\n'")], { env: { ...process.env, TRIBUTARY_TOKEN: "t0" } }).toString().trim().split("\n"); // prettier-ignore
    expect(args).toContain("http://host/api/serving/historical-features");
    expect(args).toContain("Authorization: Bearer t0");
    expect(HistoricalFeaturesRequest.parse(JSON.parse(args.at(-1) as string))).toMatchObject({
      feature_service: "late_model_v1",
      entities: { "ia'ta": ["KEY"], id: [1], event_timestamp: ["2024-05-01T12:00:00Z"] },
    });
  });

  it("says whose key is which where two entities call theirs alike", () => {
    expect(snippet(ALIKE, "curl")).toContain('"keys":{"trip.id":"trip_id","driver.id":"driver_id"}');
    expect(snippet(ALIKE, "Python")).toContain('"keys": {"trip.id":"trip_id","driver.id":"driver_id"},');
    expect(snippet(TWO, "Python")).not.toContain('"keys"');
  });
});
