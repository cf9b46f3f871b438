import { describe, expect, it } from "vitest";
import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import type { Model, ModelAliasMove, ModelVersion } from "@/lib/contracts/models";
import { featurePromotions, modelPromotions } from "./promotions";

const version = (number: number, aliases: ModelVersion["aliases"] = []) =>
  ({ version: number, aliases }) as unknown as ModelVersion;
const move = (more: Partial<ModelAliasMove>): ModelAliasMove => ({
  alias: "production",
  before: null,
  after: 1,
  at: "2001-06-01T00:00:00.000Z",
  by: "Ada",
  change: 7,
  approvedBy: [],
  ...more,
});
const model = (more: Partial<Model> = {}) =>
  ({
    name: "late_model",
    versions: [version(3), version(2, ["staging"]), version(1, ["production"])],
    open: { staging: null, production: null },
    moves: [],
    promotable: true,
    ...more,
  }) as unknown as Model;
const of = (known: Model, number: number, alias: "staging" | "production") =>
  modelPromotions(known, known.versions.find((one) => one.version === number) as ModelVersion).find(
    (promotion) => promotion.environment === alias,
  );

describe("modelPromotions", () => {
  it.each<[string, number, "staging" | "production", string | null, string | null]>([
    [
      "any version may go to staging",
      3,
      "staging",
      "/changes/new?model=late_model&environment=staging&version=3",
      null,
    ],
    ["no step is skipped", 3, "production", null, "It must have the alias staging first."],
    [
      "what staging has may go on",
      2,
      "production",
      "/changes/new?model=late_model&environment=production&version=2",
      null,
    ],
    ["what has it stays", 1, "production", null, "It has this alias."],
  ])("%s", (_, number, alias, href, hindrance) => {
    expect(of(model(), number, alias)).toMatchObject({ href, hindrance, rollback: false });
  });

  it("leads to the request that is open", () => {
    const known = model({ open: { staging: 12, production: null } });
    expect(of(known, 3, "staging")).toMatchObject({ href: "/changes/12", request: 12 });
  });

  it("offers to go back to what had the alias before", () => {
    const known = model({ moves: [move({ before: 3, after: 1 })] });
    expect(of(known, 3, "production")).toMatchObject({ rollback: true, hindrance: null });
  });

  it("does not take a first version's own alias for a step that was approved", () => {
    const known = model({ moves: [move({ after: 3, change: null })] });
    expect(of(known, 3, "production")).toMatchObject({ rollback: false, href: null });
  });

  it("says who may", () => {
    expect(of(model({ promotable: false }), 3, "staging")?.hindrance).toContain("author, steward, admin");
  });
});

describe("featurePromotions", () => {
  const at = (versions: Record<string, number>) =>
    featurePromotions({
      name: "airport.segment",
      pointers: Object.entries(versions).map(([environment, version]) => ({
        environment,
        version,
        movedAt: "",
        movedBy: "",
      })) as FeatureDetail["pointers"],
    }).map(({ environment, href, hindrance }) => [environment, href, hindrance]);

  it("offers the next environment only, and only what is new there", () => {
    expect(at({ dev: 2, staging: 1, production: 1 })).toEqual([
      ["staging", "/changes/new?feature=airport.segment&environment=staging", null],
      ["production", null, "it serves v1 already"],
    ]);
    expect(at({ dev: 1 })).toEqual([
      ["staging", "/changes/new?feature=airport.segment&environment=staging", null],
      ["production", null, "staging serves nothing yet"],
    ]);
  });
});
