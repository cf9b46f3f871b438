import { describe, expect, it } from "vitest";
import { canonicalJson } from "../canonical-json";
import type { EntityDefinition } from "../definitions/entity";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { SourceDefinition } from "../definitions/source";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { StageDefinition } from "../definitions/stage";
import { planFits } from "./fit-fingerprints";
import { mergeVariants, signatures } from "./instances";
import { planVariants } from "./plan-variants";
import { findUpstream } from "./row-sets";
import { planInputOf } from "../specs/plan-input";
import { definitionKey } from "./variant-world";
import { fingerprintValues } from "./value-fingerprints";

const ENTITY: EntityDefinition = { kind: "Entity", name: "trip", joinKeys: [{ name: "id", type: "bigint" }] };
const source = (name: string, entity: string, columns: string[]): SourceDefinition => ({
  kind: "Source",
  name,
  entity,
  format: "csv",
  location: `${name}.csv`,
  rowKey: ["id"],
  columns: ["id", ...columns].map((column) => ({ name: column, type: "double" })),
});
const stage = (name: string, input: string, output: string, estimator?: string): StageDefinition => ({
  kind: "Stage",
  name,
  entity: "trip",
  ...(estimator ? { estimator } : { transformer: "sql" }),
  inputs: [input],
  outputs: [{ column: output, type: "double" }],
});

const HALVES: SplitPolicyDefinition = {
  kind: "SplitPolicy",
  name: "halves",
  type: "hash",
  algo: "md5-32",
  key: "id",
  salt: "",
  buckets: 2,
  parts: { train: [[0, 1]] },
};

interface Situation {
  splits: SplitPolicyDefinition[];
  versions: Record<string, number>;
  sources: SourceDefinition[];
  pipeline: Partial<PipelineDefinition>;
  digest: string;
  entity: EntityDefinition;
}
const USUAL: Situation = {
  splits: [],
  versions: { trips: 1, shops: 1 },
  sources: [source("trips", "trip", ["length", "late"]), source("shops", "shop", ["size"])],
  pipeline: {},
  digest: "1",
  entity: ENTITY,
};

/** Stage → fingerprint of its values: `longer` reads a source, `scaled` is fitted on it, `shown` reads that, `big` reads another source. */
function fingerprints(change: Partial<Situation> = {}): Record<string, string | undefined> {
  const { splits, versions, sources, pipeline, digest, entity } = { ...USUAL, ...change };
  const stages = [
    stage("longer", "trip.length", "trip.longer"),
    stage("scaled", "trip.longer", "trip.scaled", "StandardScaler"),
    stage("shown", "trip.scaled", "trip.shown"),
    stage("big", "shop.size", "trip.big"),
  ];
  const input = planInputOf({ stages, sources });
  const { variants } = planVariants({ ...input, outputs: ["trip.shown", "trip.big"] });
  const { instances } = mergeVariants(input.stages, input.sources, variants);
  const world = {
    catalogue: {
      entities: [entity],
      sources,
      splits,
      versions: new Map(splits.map((split) => [definitionKey("SplitPolicy", split.name), { version: 1 }])),
    },
    declared: new Set<string>(),
    pipeline: { kind: "Pipeline" as const, name: "p", outputs: ["trip.shown"], ...pipeline },
    stages: new Map(stages.map((one) => [one.name, { definition: one, digest: one.name === "scaled" ? digest : "0" }])),
    instances: new Map(instances.map((instance) => [instance.key, instance])),
    graph: {
      signatures: signatures(
        instances,
        (name) => (name === "scaled" ? digest : "0"),
        (text) => text,
      ),
    },
    writers: new Map<string, string>(),
  };
  const known = new Map(Object.entries(versions));
  const upstream = findUpstream(world);
  const fits = known.size === 2 ? planFits(world, upstream, known, canonicalJson) : new Map();
  const found = fingerprintValues(world, upstream, fits, known, canonicalJson);
  return Object.fromEntries(stages.map(({ name }) => [name, found.get(`${name}@1`)]));
}

const changed = (change: Partial<Situation>) => {
  const [before, after] = [fingerprints(), fingerprints(change)];
  return Object.keys(before).filter((name) => before[name] !== after[name]);
};

describe("fingerprintValues", () => {
  it("is the same for the same, and another for every instance", () => {
    expect(fingerprints()).toEqual(fingerprints());
    expect(new Set(Object.values(fingerprints())).size).toBe(4);
  });

  it.each<[string, Partial<Situation>, string[]]>([
    ["new data of what is read", { versions: { trips: 2, shops: 1 } }, ["longer", "scaled", "shown", "big"]],
    ["new data that only some read", { versions: { trips: 1, shops: 2 } }, ["big"]],
    ["another version of a stage", { digest: "2" }, ["scaled", "shown"]],
    [
      "another layout of a source",
      {
        sources: [
          { ...(USUAL.sources[0] as SourceDefinition), rowKey: ["length"] },
          USUAL.sources[1] as SourceDefinition,
        ],
      },
      ["longer", "scaled", "shown", "big"],
    ],
    ["another time of the rows", { entity: { ...ENTITY, eventTime: "late" } }, ["longer", "scaled", "shown", "big"]],
    ["words about an entity", { entity: { ...ENTITY, description: "A trip." } }, []],
    [
      "words about a source, or where it lies",
      { sources: USUAL.sources.map((one) => ({ ...one, description: "New.", location: "elsewhere.csv" })) },
      [],
    ],
    ["how the pipeline is described", { pipeline: { description: "New." } }, []],
  ])("after %s is another where it matters", (_, change, expected) => {
    expect(changed(change)).toEqual(expected);
  });

  it("is none while a source was never read", () => {
    expect(Object.entries(fingerprints({ versions: { trips: 1 } })).filter(([, one]) => one === undefined)).toEqual([
      ["big", undefined],
    ]);
  });

  it("follows the rows that the fits before it saw", () => {
    const train = { fit: { split: "halves", parts: ["train"] } };
    const splits = [HALVES];
    const before = fingerprints({ splits });
    const after = fingerprints({ splits, pipeline: train });
    expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual(["scaled", "shown"]);
  });
});
