import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { quoteText } from "./quote";
import { ENGLISH_STOP_WORDS } from "./operators/english-stop-words";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";
import { NO_WORLD } from "./make-plan.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;
const NULLS = "NULL::VARCHAR";
const literal = (value: string | null): string => (value === null ? NULLS : quoteText(value));

function textStage(
  transformer: string,
  input: string,
  params: Record<string, unknown> = {},
  type: ColumnType = "strings",
) {
  return stage("text", { transformer, inputs: [input], outputs: [{ column: "obs.out", type }], params });
}

async function over(column: ColumnType, values: string[], one: StageDefinition): Promise<unknown[]> {
  const rows = values.map((value, i) => `(${i}, ${value})`).join(", ");
  const location = await world.write(`text-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, x)`);
  const run = await world.run({
    entities: [obsEntity()],
    sources: [obsSource(location, [{ name: "x", type: column }])],
    stages: [one],
  });
  return run.column("obs.out");
}

const overTexts = (transformer: string, texts: (string | null)[], params: Record<string, unknown> = {}) =>
  over("string", texts.map(literal), textStage(transformer, "obs.x", params));

const overTokens = (transformer: string, lists: ((string | null)[] | null)[], params: Record<string, unknown> = {}) =>
  over(
    "strings",
    lists.map((list) => (list === null ? "NULL::VARCHAR[]" : `[${list.map(literal).join(", ")}]::VARCHAR[]`)),
    textStage(transformer, "obs.x", params),
  );

// The sentences of Spark's documentation.
const SENTENCES = [
  "Hi I heard about Spark",
  "I wish Java could use case classes",
  "Logistic,regression,models,are,neat",
];

describe("Tokenizer", () => {
  it("gives the tokens of Spark's documentation", async () => {
    expect(await overTexts("Tokenizer", SENTENCES)).toEqual([
      ["hi", "i", "heard", "about", "spark"],
      ["i", "wish", "java", "could", "use", "case", "classes"],
      ["logistic,regression,models,are,neat"],
    ]);
  });

  it.each<[string, string | null, string[] | null]>([
    ["two spaces", "a  b", ["a", "", "b"]],
    ["leading white space", " a", ["", "a"]],
    ["trailing white space", "a \t\n ", ["a"]],
    ["only white space", "  ", []],
    ["an empty text", "", [""]],
    ["a vertical tab", "a\vb", ["a", "b"]],
    ["no-break space, which is none of Java's", "a\u00a0b", ["a\u00a0b"]],
    ["letters with accents", "ÉCOLE Übung", ["école", "übung"]],
    ["a missing text", null, null],
  ])("splits as Java does: %s", async (_, text, expected) => {
    expect(await overTexts("Tokenizer", [text, "x"])).toEqual([expected, ["x"]]);
  });
});

describe("RegexTokenizer", () => {
  it("gives the tokens of Spark's documentation, by gaps and by tokens", async () => {
    const words = [
      ["hi", "i", "heard", "about", "spark"],
      ["i", "wish", "java", "could", "use", "case", "classes"],
      ["logistic", "regression", "models", "are", "neat"],
    ];
    expect(await overTexts("RegexTokenizer", SENTENCES, { pattern: "\\W" })).toEqual(words);
    expect(await overTexts("RegexTokenizer", SENTENCES, { pattern: "\\w+", gaps: false })).toEqual(words);
  });

  // The texts of Spark's own suite; RE2 writes \p{Punct} as [[:punct:]].
  it.each<[Record<string, unknown>, string[][]]>([
    [
      { gaps: false, pattern: "\\w+|[[:punct:]]" },
      [
        ["test", "for", "tokenization", "."],
        ["te", ",", "st", ".", "punct"],
      ],
    ],
    [{ gaps: false, pattern: "\\w+", minTokenLength: 3 }, [["test", "for", "tokenization"], ["punct"]]],
    [
      {},
      [
        ["test", "for", "tokenization."],
        ["te,st.", "punct"],
      ],
    ],
    [
      { toLowercase: false },
      [
        ["Test", "for", "tokenization."],
        ["Te,st.", "punct"],
      ],
    ],
  ])("with %j", async (params, expected) => {
    expect(await overTexts("RegexTokenizer", ["Test for tokenization.", "Te,st. punct"], params)).toEqual(expected);
  });

  it("keeps empty tokens with minTokenLength 0, all but the last ones", async () => {
    const params = { pattern: ",", minTokenLength: 0 };
    expect(await overTexts("RegexTokenizer", ["a,,b,,", ",a", ",,", "", "a", null], params)).toEqual([
      ["a", "", "b"],
      ["", "a"],
      [],
      [""],
      ["a"],
      null,
    ]);
  });

  it("reads white space as Java does, also inside a class", async () => {
    expect(await overTexts("RegexTokenizer", ["a\vb ,c"], { pattern: "[\\s,]+" })).toEqual([["a", "b", "c"]]);
    expect(await overTexts("RegexTokenizer", ["a\vb ,c"], { pattern: "\\S+", gaps: false })).toEqual([
      ["a", "b", ",c"],
    ]);
  });

  it("fails on a pattern that is none and names the stage", async () => {
    await expect(overTexts("RegexTokenizer", ["a"], { pattern: "(" })).rejects.toThrow(/Stage text/);
  });

  it.each(["(?=a)", "(?<!a)b", "(a)\\1", "a++", "[a-z&&[^b]]", "\\h", "\\p{Punct}"])(
    "says before a run that %s is Java's",
    async (pattern) => {
      const refused = await world.engine.unsupported([textStage("RegexTokenizer", "obs.x", { pattern })], NO_WORLD);
      expect(refused[0]?.reason).toMatch(/RE2/);
      expect(
        await world.engine.unsupported([textStage("RegexTokenizer", "obs.x", { pattern: "\\\\h" })], NO_WORLD),
      ).toEqual([]);
    },
  );
});

describe("StopWordsRemover", () => {
  const lists = [
    ["I", "saw", "the", "red", "balloon"],
    ["Mary", "had", "a", "little", "lamb"],
  ];

  it("drops what Spark's documentation drops, when given those words", async () => {
    expect(await overTokens("StopWordsRemover", lists, { stopWords: ["i", "the", "had", "a"] })).toEqual([
      ["saw", "red", "balloon"],
      ["Mary", "little", "lamb"],
    ]);
  });

  it("minds case when told, and keeps missing tokens", async () => {
    const params = { stopWords: ["i", "a"], caseSensitive: true };
    expect(await overTokens("StopWordsRemover", [["I", "i", "a", null], ["a"], null], params)).toEqual([
      ["I", null],
      [],
      null,
    ]);
    expect(await overTokens("StopWordsRemover", [["it's"]], { stopWords: ["IT'S"] })).toEqual([[]]);
    expect(await overTokens("StopWordsRemover", [["a"]], { stopWords: [] })).toEqual([["a"]]);
  });

  it("drops common English words when none are given", async () => {
    expect(await overTokens("StopWordsRemover", lists)).toEqual([
      ["saw", "red", "balloon"],
      ["Mary", "little", "lamb"],
    ]);
    expect(await overTokens("StopWordsRemover", [["Don't", "you", "dare"]])).toEqual([["dare"]]);
    expect(new Set(ENGLISH_STOP_WORDS).size).toBe(ENGLISH_STOP_WORDS.length);
    expect(ENGLISH_STOP_WORDS.every((word) => /^[a-z']+$/.test(word))).toBe(true);
  });
});

describe("NGram", () => {
  it("gives the bigrams of Spark's documentation", async () => {
    expect(await overTokens("NGram", [["Hi", "I", "heard", "about", "Spark"]])).toEqual([
      ["Hi I", "I heard", "heard about", "about Spark"],
    ]);
  });

  it("gives none from fewer tokens", async () => {
    expect(await overTokens("NGram", [["a", "b", "c", "d"], ["a", "b"], [], null], { n: 3 })).toEqual([
      ["a b c", "b c d"],
      [],
      [],
      null,
    ]);
    expect(await overTokens("NGram", [["a", null]], { n: 1 })).toEqual([["a", "null"]]);
  });
});
