import { describe, expect, it } from "vitest";
import type { EntityDefinition } from "../definitions/entity";
import type { StageDefinition } from "../definitions/stage";
import type { Instance } from "./instances";
import { type ChainColumn, scoringChain } from "./scoring-chain";

const trip: EntityDefinition = {
  kind: "Entity",
  name: "trip",
  joinKeys: [{ name: "id", type: "bigint" }],
  eventTime: "at",
  relations: [
    { name: "start", entity: "shop", by: "from_shop" },
    { name: "end", entity: "shop", by: "to_shop" },
  ],
};
const stage = (name: string, inputs: string[], outputs: string[], rest: Partial<StageDefinition> = {}): StageDefinition => ({ kind: "Stage", name, entity: "trip", transformer: "sql", inputs, outputs: outputs.map((column) => ({ column, type: "double" })), ...rest }); // prettier-ignore

const STAGES = [
  stage("calendar", ["trip.amount"], ["trip.hour", "trip.root"]),
  stage("rolling", ["trip.amount"], ["trip.mean_7d"]),
  stage("counted", ["order.amount"], ["trip.orders"], { from: "order" }),
  stage("start_rate", ["shop.rate"], ["trip.start_rate"], { via: { shop: "start" } }),
  stage("end_rate", ["shop.rate"], ["trip.end_rate"], { via: { shop: "end" } }),
  stage("model", ["trip.hour", "trip.root", "trip.mean_7d", "trip.orders", "trip.start_rate", "trip.end_rate"], ["trip.p"], { fitInputs: ["trip.late"] }), // prettier-ignore
];
const instances = new Map(
  STAGES.map((one): [string, Instance] => {
    const written = (column: string) =>
      STAGES.find(({ outputs }) => outputs.some((output) => output.column === column));
    const inputs = Object.fromEntries([...one.inputs, ...(one.fitInputs ?? [])].map((column) => [column, written(column) ? { instance: `${written(column)?.name}@1` } : { source: true as const }])); // prettier-ignore
    return [`${one.name}@1`, { key: `${one.name}@1`, stage: one.name, inputs, outputs: [], variants: [0] }];
  }),
);
const world = {
  catalogue: {
    entities: [trip],
    sources: [
      { kind: "Source" as const, name: "trips", entity: "trip", format: "csv" as const, location: "trips.csv", rowKey: ["id"], columns: [{ name: "amount", type: "double" as const }, { name: "from_shop", type: "string" as const }] }, // prettier-ignore
      { kind: "Source" as const, name: "shops", entity: "shop", format: "csv" as const, location: "shops.csv", rowKey: ["code"], columns: [{ name: "rate", type: "double" as const }] }, // prettier-ignore
    ],
    splits: [],
    versions: new Map(),
  },
  stages: new Map(STAGES.map((definition) => [definition.name, { definition, digest: "" }])),
  instances,
  writers: new Map(STAGES.flatMap(({ name, outputs }) => outputs.map(({ column }) => [column, `${name}@1`] as const))),
};

/** @param from name → where a column comes from */
function chain(from: Record<string, "given" | "kept">) {
  const found = scoringChain(world, trip, ["trip.p"], {
    isRowByRow: ({ name }) => name !== "rolling",
    identityRead: ({ name }) => (name === "calendar" ? ["at"] : []),
    sourceOf: ({ name }) => from[name] ?? null,
  });
  const names = (columns: readonly ChainColumn[]) => columns.map(({ name }) => name);
  return { runs: found.instances.map(({ key }) => key), columns: names(found.columns), missing: names(found.missing), instances: found.instances }; // prettier-ignore
}

const BASE = ["amount", "at", "mean_7d", "orders", "start.rate", "end.rate"];
const given = (names: string[]) => Object.fromEntries(names.map((name) => [name, "given" as const]));

describe("what it takes to score rows", () => {
  it("is what stages that look at one row are made of; the rest and other entities' columns are given, by each relation", () => {
    expect(chain({}).missing).toEqual(BASE);
    const found = chain(given(BASE));
    expect(found).toMatchObject({ columns: BASE, missing: [], runs: ["calendar@1", "start_rate@1", "end_rate@1", "model@1"] }); // prettier-ignore
    // Labels are no inputs, and what is not run here is read as if a source had it.
    expect(found.instances.at(-1)?.inputs).toEqual({
      "trip.hour": { instance: "calendar@1" },
      "trip.root": { instance: "calendar@1" },
      "trip.mean_7d": { source: true },
      "trip.orders": { source: true },
      "trip.start_rate": { instance: "start_rate@1" },
      "trip.end_rate": { instance: "end_rate@1" },
    });
  });

  it("is computed rather than read, and read where it cannot be computed", () => {
    const rest = BASE.slice(2);
    expect(chain({ ...given(BASE), hour: "kept", root: "kept" }).columns).toEqual(BASE);
    const kept = chain({ ...given(rest), hour: "kept", root: "kept" });
    expect(kept).toMatchObject({ columns: ["hour", "root", ...rest], missing: [] });
    expect(kept.runs).not.toContain("calendar@1");
    expect(chain({ ...given(rest), hour: "kept" }).missing).toEqual(["amount", "at"]);
  });

  it("is taken as it is given, whatever it could be computed from", () => {
    const found = chain(given([...BASE, "hour"]));
    expect(found.columns).toEqual(["hour", ...BASE]);
    expect(found.instances.at(-1)?.inputs["trip.hour"]).toEqual({ source: true });
    expect(found.instances.at(-1)?.inputs["trip.root"]).toEqual({ instance: "calendar@1" });
  });

  it("is never the target itself", () => {
    expect(chain({ ...given(BASE), p: "given" }).runs).toContain("model@1");
  });
});
