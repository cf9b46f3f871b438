import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { quoteText } from "./quote";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";
import { NO_WORLD } from "./make-plan.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

/** Runs stages over `obs.x`, lists of tokens written as texts with spaces, and answers the run. */
async function overWords(texts: (string | null)[], stages: StageDefinition[], outputs?: string[]) {
  const list = (text: string) => `[${text.split(" ").filter(Boolean).map(quoteText).join(", ")}]::VARCHAR[]`;
  const rows = texts.map((text, i) => `(${i}, ${text === null ? "NULL::VARCHAR[]" : list(text)})`).join(", ");
  const location = await world.write(`tokens-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, x)`);
  const sources = [obsSource(location, [{ name: "x", type: "strings" }])];
  return world.run({ entities: [obsEntity()], sources, stages, ...(outputs ? { outputs } : {}) });
}

async function overVectors(vectors: number[][], one: StageDefinition) {
  const rows = vectors.map((vector, i) => `(${i}, [${vector.join(", ")}]::DOUBLE[])`).join(", ");
  const location = await world.write(`tokens-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, x)`);
  const sources = [obsSource(location, [{ name: "x", type: "vector" }])];
  return world.run({ entities: [obsEntity()], sources, stages: [one] });
}

const hashing = (params: Record<string, unknown>) =>
  stage("hashing", {
    transformer: "HashingTF",
    inputs: ["obs.x"],
    outputs: [{ column: "obs.v", type: "vector" }],
    params,
  });

const counting = (params: Record<string, unknown> = {}) =>
  stage("counting", {
    estimator: "CountVectorizer",
    inputs: ["obs.x"],
    outputs: [{ column: "obs.v", type: "vector" }],
    params,
  });

const weighing = (input: string, params: Record<string, unknown> = {}) =>
  stage("weighing", {
    estimator: "IDF",
    inputs: [input],
    outputs: [{ column: "obs.w", type: "vector" }],
    params,
  });

/** MurmurHash3_x86_32 after Austin Appleby's description, with whole numbers of any size; signed as Java has it. */
function murmur3(text: string): number {
  const bytes = Buffer.from(text, "utf8");
  const mask = 0xffffffffn;
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (32n - by))) & mask;
  const mix = (k: bigint) => (rotate((k * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
  let h = 42n;
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4)
    h = (rotate(h ^ mix(BigInt(bytes.readUInt32LE(i))), 13n) * 5n + 0xe6546b64n) & mask;
  if (whole < bytes.length) h ^= mix(BigInt(bytes.readUIntLE(whole, bytes.length - whole)));
  h ^= BigInt(bytes.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(BigInt.asIntN(32, h ^ (h >> 16n)));
}

describe("HashingTF", () => {
  it.each([
    [10, [5, 7, 8]],
    [5, [0, 2, 3]],
  ])("puts a, b and c where Spark's documentation has them among %i", async (numFeatures, indices) => {
    const run = await overWords(["a b c"], [hashing({ numFeatures })]);
    expect(await run.column("obs.v")).toEqual([
      Array.from({ length: numFeatures }, (_, i) => (indices.includes(i) ? 1 : 0)),
    ]);
  });

  it("hashes every length, other scripts and negative hashes as the algorithm says", async () => {
    const words = [
      "a",
      "ab",
      "abc",
      "abcd",
      "abcde",
      "abcdefgh",
      "Straße",
      "日本語",
      "🙂",
      "internationalisation",
      "'",
    ];
    expect(words.some((word) => murmur3(word) < 0)).toBe(true);
    const together = await overWords([words.join(" "), words.toReversed().join(" ")], [hashing({ numFeatures: 1000 })]);
    const indices = words.map((word) => ((murmur3(word) % 1000) + 1000) % 1000);
    for (const vector of (await together.column("obs.v")) as number[][])
      expect(vector.flatMap((n, i) => (n > 0 ? [i] : []))).toEqual(indices.toSorted((a, b) => a - b));
    for (const numFeatures of [64, 97]) {
      const run = await overWords(words, [hashing({ numFeatures })]);
      const found = (await run.column("obs.v")) as number[][];
      expect(found.map((vector) => vector.indexOf(1))).toEqual(
        words.map((word) => ((murmur3(word) % numFeatures) + numFeatures) % numFeatures),
      );
    }
  });

  it("counts, or marks presence, and gives zeros for no tokens", async () => {
    const texts = ["b b a", "", null];
    const counts = await (await overWords(texts, [hashing({ numFeatures: 10 })])).column("obs.v");
    expect(counts).toEqual([[0, 0, 0, 0, 0, 2, 0, 1, 0, 0], new Array(10).fill(0), null]);
    const marks = await (await overWords(texts, [hashing({ numFeatures: 10, binary: true })])).column("obs.v");
    expect(marks).toEqual([[0, 0, 0, 0, 0, 1, 0, 1, 0, 0], new Array(10).fill(0), null]);
  });

  it("says before a run that Spark's default is too wide, and what to set", async () => {
    expect((await world.engine.unsupported([hashing({})], NO_WORLD))[0]?.reason).toMatch(
      /at most 1024 .* not 262144\. Set numFeatures/,
    );
    expect(await world.engine.unsupported([hashing({ numFeatures: 1024 })], NO_WORLD)).toEqual([]);
    await expect(overWords(["a"], [hashing({})])).rejects.toThrow(/Stage hashing: .*numFeatures/);
  });
});

describe("CountVectorizer", () => {
  it("gives the vectors of Spark's documentation", async () => {
    const run = await overWords(["a b c", "a b b c a"], [counting({ vocabSize: 3, minDF: 2 })]);
    // a and b are equally frequent, so the vectors are the documented ones whichever comes first.
    expect(run.result.fits[0]?.model.learned).toEqual({ vocabulary: ["a", "b", "c"] });
    expect(await run.column("obs.v")).toEqual([
      [1, 1, 1],
      [2, 2, 1],
    ]);
  });

  // The cases of Spark's own suite.
  const four = ["a b c d", "a b c", "a b", "a"];
  it.each<[Record<string, unknown>, string[]]>([
    [{ vocabSize: 3 }, ["a", "b", "c"]],
    [{ minDF: 3 }, ["a", "b"]],
    [{ minDF: 0.75 }, ["a", "b"]],
    [{}, ["a", "b", "c", "d"]],
  ])("learns with %j", async (params, vocabulary) => {
    const run = await overWords(four, [counting(params)]);
    expect(run.result.fits[0]?.model.learned.vocabulary).toEqual(vocabulary);
  });

  it("orders by occurrences, not by documents", async () => {
    const run = await overWords(["z z z y", "y x", "x"], [counting()]);
    expect(run.result.fits[0]?.model.learned.vocabulary).toEqual(["z", "x", "y"]);
  });

  it.each<[Record<string, unknown>, number[][]]>([
    [
      { minTF: 3 },
      [
        [3, 3, 0, 0],
        [6, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    ],
    [
      { minTF: 0.3 },
      [
        [3, 3, 0, 0],
        [6, 0, 0, 0],
        [0, 1, 0, 0],
      ],
    ],
    [
      { binary: true },
      [
        [1, 1, 1, 1],
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
    ],
  ])("counts in a document with %j", async (params, expected) => {
    const run = await overWords(["a a a b b c c c d", "c c c c c c", "a"], [counting(params)]);
    expect(run.result.fits[0]?.model.learned.vocabulary).toEqual(["c", "a", "b", "d"]);
    expect(await run.column("obs.v")).toEqual(expected);
  });

  it("gives zeros for no known token and nothing for no list", async () => {
    const run = await overWords(["a'b a'b", "", null, "c"], [counting({ minDF: 1, vocabSize: 1 })]);
    expect(await run.column("obs.v")).toEqual([[2], [0], null, [0]]);
  });

  it("fails without any token, and on more tokens than columns", async () => {
    await expect(overWords(["a", "b"], [counting({ minDF: 2 })])).rejects.toThrow(/no token of obs\.x is in 2 or more/);
    const many = Array.from({ length: 1100 }, (_, i) => `w${i}`).join(" ");
    await expect(overWords([many], [counting()])).rejects.toThrow(/more than 1024 .*vocabSize/);
    const run = await overWords([many], [counting({ vocabSize: 1024 })]);
    expect((await run.column("obs.v"))[0]).toHaveLength(1024);
  });
});

describe("IDF", () => {
  it("gives the weights of Spark's documentation", async () => {
    const vectors = [
      [0, 1, 0, 2],
      [0, 1, 2, 3],
      [0, 1, 0, 0],
    ];
    const run = await overVectors(vectors, weighing("obs.x"));
    const rounded = ((await run.column("obs.w")) as number[][]).map((row) => row.map((x) => Number(x.toFixed(4))));
    expect(rounded).toEqual([
      [0, 0, 0, 0.5754],
      [0, 0, 1.3863, 0.863],
      [0, 0, 0, 0],
    ]);
    expect(run.result.fits[0]?.model.learned.docFreq).toEqual([0, 3, 1, 2]);
  });

  it.each<[number, number[]]>([
    [1, [0.2877, 0]],
    [3, [0, 0]],
  ])("weighs words in fewer than %i documents with 0", async (minDocFreq, first) => {
    const vectors = [
      [1, 2],
      [0, 1],
      [3, 0.2],
    ];
    const run = await overVectors(vectors, weighing("obs.x", { minDocFreq }));
    expect(((await run.column("obs.w")) as number[][])[0]?.map((x) => Number(x.toFixed(4)))).toEqual(first);
  });

  it("weighs what was counted, also over a thousand components", async () => {
    const run = await overWords(["a b c", "a b b c a", "d"], [counting(), weighing("obs.v")], ["obs.w"]);
    const [first] = (await run.column("obs.w")) as number[][];
    expect(first?.map((x) => Number(x.toFixed(6)))).toEqual([0.287682, 0.287682, 0.287682, 0]);
    const wide = await overWords(["a b", "c", null], [hashing({ numFeatures: 1024 }), weighing("obs.v")], ["obs.w"]);
    const [sum] = (await wide.column("obs.w")) as number[][];
    expect(sum?.filter((x) => x > 0).map((x) => Number(x.toFixed(6)))).toEqual([0.405465, 0.405465]);
  });
});
