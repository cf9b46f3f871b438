import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { previewDrift, type DriftQuestion } from "./preview-drift";

interface Vector extends DriftQuestion {
  id: string;
  params: NonNullable<DriftQuestion["params"]>;
  expected: Record<string, unknown>;
  tolerance: number;
  tolerance_rel: number;
}

const root = new URL("../../../../", import.meta.url);
const { vectors } = JSON.parse(readFileSync(new URL("test/fixtures/distribution-vectors.json", root), "utf8")) as {
  vectors: Vector[];
};

/** What the few vectors say in words instead of values. */
const SAMPLES: Record<string, () => [reference: unknown, current: unknown]> = {
  "ks-100x100": () => {
    const reference = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
    return [reference, reference.map((value) => value ** 2)];
  },
  "psi-decile-ties": () => [
    [...Array<number>(80).fill(0), ...Array.from({ length: 20 }, (_, i) => i + 1)],
    [...Array<number>(50).fill(0), ...Array.from({ length: 50 }, (_, i) => (i % 5) + 1)],
  ],
  "penguins-mass-adelie-chinstrap": () => [penguins("Adelie"), penguins("Chinstrap")],
  "penguins-mass-adelie-gentoo": () => [penguins("Adelie"), penguins("Gentoo")],
  "seattle-weather-num": () => [seattle("2012"), seattle("2015")],
};

function dataset(name: string): string {
  return readFileSync(new URL(`node_modules/vega-datasets/data/${name}`, root), "utf8");
}

function penguins(species: string): (number | null)[] {
  const rows = JSON.parse(dataset("penguins.json")) as { Species: string; "Body Mass (g)": number | null }[];
  return rows.filter((row) => row.Species.startsWith(species)).map((row) => row["Body Mass (g)"]);
}

function seattle(year: string): number[] {
  const rows = dataset("seattle-weather.csv")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const column = rows[0]?.indexOf("temp_max") ?? -1;
  return rows.filter(([date]) => date?.startsWith(year)).map((row) => Number(row[column]));
}

/** Differences beyond tolerance, as paths. A p-value below 1e-12 has to agree in its digits, not only in being small. */
function differences(got: unknown, expected: unknown, vector: Vector, path: string): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length)
      return [`${path}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`];
    return expected.flatMap((item, index) => differences(got[index], item, vector, `${path}[${index}]`));
  }
  if (typeof expected === "object" && expected !== null) {
    return Object.entries(expected).flatMap(([name, value]) =>
      differences((got as Record<string, unknown> | undefined)?.[name], value, vector, `${path}.${name}`),
    );
  }
  if (typeof expected !== "number" || expected === 0)
    return Object.is(got, expected) || got === expected
      ? []
      : [`${path}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`];
  const isTiny = /p_/.test(path) && expected < 1e-12;
  const tolerance = Math.max(isTiny ? 0 : vector.tolerance, vector.tolerance_rel * Math.abs(expected));
  return typeof got === "number" && Math.abs(got - expected) <= tolerance
    ? []
    : [`${path}: ${JSON.stringify(got)} for ${expected}`];
}

describe("previewDrift on the golden vectors", () => {
  it("has every vector", () => {
    expect(vectors.length).toBe(60);
  });

  it.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
    const [reference, current] = SAMPLES[id]?.() ?? [vector.reference, vector.current];
    const answer = previewDrift({ metric: vector.metric, params: vector.params, reference, current });
    expect(differences(answer, vector.expected, vector, "")).toEqual([]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });
});
