import { expect, it } from "vitest";
import type { ModelInputs } from "@/lib/contracts/serving-predictions";
import { askedVersion, predictSnippet } from "./predict-snippet";

it("names the keys of what is online, and a value of its type for what has to be given", () => {
  const inputs: ModelInputs = {
    version: 1,
    entity: "flight",
    columns: [
      { name: "distance", column: "flight.distance", type: "bigint", keys: null },
      { name: "origin.delay_7d", column: "airport.delay_7d", type: "double", keys: ["origin"] },
      { name: "origin.segment", column: "airport.segment", type: "string", keys: ["origin"] },
      { name: "date", column: "flight.date", type: "timestamp", keys: null },
    ],
  };
  const code = predictSnippet("late_model", { alias: "staging" }, inputs, "https://features.example");
  expect(code).toContain("'https://features.example/api/serving/predict'");
  const body = /-d '(.*)'/.exec(code)?.[1] ?? "";
  expect(JSON.parse(body)).toEqual({
    model: "late_model",
    alias: "staging",
    entities: { distance: [1], origin: ["KEY"], date: ["2026-01-31T09:00:00Z"] },
  });
});

it.each([
  [["staging", "production"], { alias: "production" }],
  [["staging"], { alias: "staging" }],
  [[], { version: 3 }],
])("names a version with the aliases %j so that it answers", (aliases, asked) => {
  expect(askedVersion(3, aliases)).toEqual(asked);
});
