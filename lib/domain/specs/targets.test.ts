import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import { checkSpecs } from "./check";
import { targeted } from "./targets";

const FOLDER = "prisma/demo";
const { definitions: placed } = parseSpecs(
  readdirSync(FOLDER).map((file) => ({ file, text: readFileSync(`${FOLDER}/${file}`, "utf8") })),
);
const all = placed.map(({ definition }) => definition);

const named = (definitions: ReturnType<typeof targeted>) => definitions.map(({ kind, name }) => `${kind} ${name}`);

describe("targeted", () => {
  it("takes what a stage reads and names, and nothing that reads it", () => {
    const chosen = named(targeted(all, [{ kind: "Stage", name: "airport_segments" }]));
    expect(chosen).toEqual(
      expect.arrayContaining(["Stage airport_segments", "Stage airport_traffic", "Source flights", "Entity airport"]),
    );
    expect(chosen).not.toContain("Pipeline late_departures");
    expect(chosen.filter((one) => one.startsWith("FeatureView"))).toEqual([]);
  });

  it("is whole: whatever is chosen can be applied by itself", () => {
    for (const { kind, name } of all) {
      const chosen = new Set(targeted(all, [{ kind, name }]));
      const { errors } = checkSpecs(
        placed.filter(({ definition }) => chosen.has(definition)),
        [],
      );
      expect(errors.map(({ message }) => message)).toEqual([]);
    }
  });

  it("keeps the order of the documents, and is the workspace alone without a target", () => {
    expect(named(targeted(all, []))).toContain("Workspace flights");
    expect(named(targeted(all, [])).filter((one) => one.startsWith("Stage"))).toEqual([]);
    const chosen = targeted(all, [{ kind: "Pipeline", name: "late_departures" }]);
    expect(chosen).toEqual(all.filter((one) => chosen.includes(one)));
  });
});
