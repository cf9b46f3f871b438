import { describe, expect, it } from "vitest";
import { firstDraft, keysNeeded, partsFor, toBody, type TrainingChoices } from "./training-draft";

const CHOICES: TrainingChoices = {
  services: [{ name: "late_v1", description: "", features: ["hourly:rate", "facts:people"] }],
  features: [
    { reference: "hourly:rate", feature: "driver.rate", description: "" },
    { reference: "facts:people", feature: "city.people", description: "" },
  ],
  sources: [{ name: "rides", timeColumn: "start", columns: [{ name: "ride", type: "bigint" }], versions: [2, 1] }],
  policies: [{ name: "by_day", type: "time", parts: ["train", "june", "test"] }],
  keys: { hourly: [{ entity: "driver", key: "driver_id" }], facts: [{ entity: "city", key: "code" }] },
};
const EMPTY = firstDraft(CHOICES, { service: null, feature: [], spine: null });

describe("a draft", () => {
  it("begins with what the address asks for, where there is such a thing", () => {
    const draft = firstDraft(CHOICES, { service: "nope", feature: ["driver.rate", "hourly:rate", "x.y"], spine: "rides" }); // prettier-ignore
    expect([draft.service, draft.features, draft.source]).toEqual([null, ["hourly:rate"], "rides"]);
  });

  it("needs the join keys of its features, or of its service's", () => {
    expect(keysNeeded(CHOICES, { service: null, features: ["facts:people"] })).toEqual([{ entity: "city", key: "code" }]); // prettier-ignore
    expect(keysNeeded(CHOICES, { service: "late_v1", features: [] }).map(({ key }) => key)).toEqual(["driver_id", "code"]); // prettier-ignore
  });

  it("takes the parts that are called like roles", () => {
    expect(partsFor(CHOICES, "by_day")).toEqual({ policy: "by_day", train: ["train"], validation: [], test: ["test"] });
    expect(partsFor(CHOICES, null)).toEqual({ policy: null, train: [], validation: [], test: [] });
  });

  it("is asked for without what was left as it is, and without keys that nothing needs", () => {
    const draft = { ...EMPTY, features: ["facts:people"], source: "rides", keys: { "city.code": "town", "driver.driver_id": "d" } }; // prettier-ignore
    expect(toBody("w", draft, CHOICES)).toEqual({
      workspace: "w",
      environment: "production",
      features: ["facts:people"],
      spine: { source: "rides" },
      keys: { "city.code": "town" },
      label: null,
      split: null,
      knowledge: "event",
      boundary: "inclusive",
    });
    const full = { ...draft, service: "late_v1", version: "1", keep: ["ride"], time: "start", label: "late", ...partsFor(CHOICES, "by_day"), asOf: " 2024-05-01T00:00:00Z " }; // prettier-ignore
    expect(toBody("w", full, CHOICES)).toMatchObject({
      feature_service: "late_v1",
      spine: { source: "rides", version: 1, keep: ["ride"] },
      time: "start",
      label: "late",
      split: { policy: "by_day", train: ["train"], validation: [], test: ["test"] },
      asOf: "2024-05-01T00:00:00Z",
    });
  });
});
