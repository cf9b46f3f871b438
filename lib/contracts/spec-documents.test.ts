import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { checkSpecs } from "@/lib/domain/specs/check";
import { parseSpecs } from "./spec-documents";
import { toDuration, toInstant, toSeconds } from "./spec-documents-values";
import { writeSpecFiles } from "./spec-documents-write";

const DEMO = readdirSync("prisma/demo").map((file) => ({ file, text: readFileSync(`prisma/demo/${file}`, "utf8") }));

/** What parsing and checking say about a text: `line path: message`. */
function complaints(text: string): string[] {
  const parsed = parseSpecs(text);
  const { errors } = checkSpecs(parsed.definitions, parsed.unreadable);
  return [...parsed.issues, ...errors].map(({ line, path, message }) => `${line} ${path.join(".")}: ${message}`);
}

const definitionsIn = (input: Parameters<typeof parseSpecs>[0]): Definition[] =>
  parseSpecs(input).definitions.map(({ definition }) => definition);

const BASE = `kind: Entity
name: city
joinKeys: [{ name: id, type: int }]
---
kind: Entity
name: shop
joinKeys: [{ name: id, type: int }]
relations: [{ name: home, entity: city, by: city_id }, { name: second, entity: city, by: other_id }]
---
kind: Source
name: cities
entity: city
format: csv
location: cities.csv
columns: [{ name: id, type: int }, { name: people, type: int }]
rowKey: [id]
---
kind: Source
name: shops
entity: shop
format: csv
location: shops.csv
columns: [{ name: id, type: int }, { name: city_id, type: int }, { name: other_id, type: int }, { name: sales, type: float }, { name: day, type: date }]
rowKey: [id]
timeColumn: day
---
kind: SplitPolicy
name: halves
type: hash
algo: md5-32
key: id
salt: s
buckets: 2
parts: { train: [[0, 1]], test: [[1, 2]] }
---
`;
const LINES = BASE.split("\n").length - 1;

const stage = (lines: string) => `kind: Stage
name: s
${lines}
params: { statement: SELECT * FROM __THIS__ }
transformer: sql
`;

describe("bad documents", () => {
  it.each<[what: string, text: string, line: number, path: string, message: RegExp]>([
    ["not YAML", "kind: [", 1, "", /not YAML/],
    ["a repeated key", "kind: Entity\nname: a\nname: b", 3, "", /Map keys must be unique/],
    ["a text", "hello", 1, "", /must be a mapping/],
    ["a bomb of aliases", `a: &a [1]\nb: &b [${"*a,".repeat(40)}]\nc: [${"*b,".repeat(40)}]`, 1, "", /cannot be read/],
    ["no kind", "name: a", 1, "", /must say its kind/],
    ["a misspelt kind", "name: a\nkind: Stagge", 2, "kind", /Did you mean `Stage`/],
    ["no name", "kind: FeatureService\nfeatures: [a:b]", 1, "name", /`name` is missing/],
    ["a bad name", "kind: Workspace\nname: My-Space", 2, "name", /is not a name/],
    ["a number for a text", "kind: Workspace\nname: w\ntitle: 7", 3, "title", /must be a text/],
    ["an unknown field", "kind: Workspace\nname: w\ntitel: W", 3, "titel", /did you mean `title`/],
    ["an unknown field inside", "kind: Entity\nname: e\njoinKeys:\n  - name: id\n    typ: int\n    type: int", 5, "joinKeys.0.typ", /did you mean `type`/],
    ["an unknown type", "kind: Entity\nname: e\njoinKeys: [{ name: id, type: intt }]", 3, "joinKeys.0.type", /not a column type; did you mean `int`/],
    ["an empty list", "kind: Entity\nname: e\njoinKeys: []", 3, "joinKeys", /is empty/],
    ["a NUL", 'kind: Workspace\nname: w\ntitle: "a\\0b"', 3, "title", /cannot be kept/],
    ["a bad duration", "kind: FeatureView\nname: v\nentity: e\nfeatures: [e.a]\nttl: 7 weeks", 5, "ttl", /not a duration/],
    ["push", "kind: FeatureView\nname: v\nentity: e\nfeatures: [e.a]\npush: p", 5, "push", /not supported yet/],
    ["both ways of naming features", "kind: FeatureView\nname: v\nentity: e\nfeatures: [e.a]\ncolumns: [a]", 5, "columns", /the same as `features`/],
    ["a bad instant", "kind: SplitPolicy\nname: p\ntype: time\ncolumn: d\nparts: { train: [null, 2001-02-30] }", 5, "parts.train.1", /not an instant/],
    ["a part that ends first", "kind: SplitPolicy\nname: p\ntype: time\ncolumn: d\nparts: { a: [2002-01-01, 2001-01-01] }", 5, "parts.a", /ends before/],
    ["an unknown format", "kind: Source\nname: s\nentity: e\nformat: cvs\nlocation: x\ncolumns: [{ name: id, type: int }]\nrowKey: [id]", 4, "format", /did you mean `csv`/],
    ["fit rows that say nothing", "kind: Pipeline\nname: p\noutputs: [e.a]\nfit: {}", 4, "fit", /either all rows or parts/],
    ["a column without an entity", "kind: Pipeline\nname: p\noutputs: [a]", 3, "outputs.0", /`outputs\[0\]` is not a column/],
    ["a column twice", "kind: Pipeline\nname: p\noutputs: [e.a, e.a]", 3, "outputs.1", /given twice/],
  ])("%s", (_, text, line, path, message) => {
    expect(complaints(text)[0]).toMatch(new RegExp(`^${line} ${path.replaceAll(".", "\\.")}: .*${message.source}`));
  }); // prettier-ignore

  it.each<[what: string, text: string, line: number, path: string, message: RegExp]>([
    ["an unknown entity", stage("entity: shopp\ninputs: [shop.sales]\noutputs: [{ column: shopp.a, type: int }]"), 3, "entity", /Did you mean `shop`/],
    ["an output of another entity", stage("entity: shop\ninputs: [shop.sales]\noutputs: [{ column: city.a, type: int }]"), 5, "outputs.0.column", /not a column of shop/],
    ["a relation that is not there", stage("entity: city\ninputs: [shop.sales]\noutputs: [{ column: city.a, type: int }]"), 4, "inputs.0", /no relation to shop/],
    ["an ambiguous relation", stage("entity: shop\ninputs: [city.people]\noutputs: [{ column: shop.a, type: int }]"), 4, "inputs.0", /several relations lead .*via: \{ city: home \}/],
    ["an unknown via", stage("entity: shop\nvia: { city: third }\ninputs: [city.people]\noutputs: [{ column: shop.a, type: int }]"), 4, "via.city", /no relation `third`/],
    ["a loop", stage("entity: shop\ninputs: [shop.sales]\noutputs: [{ column: shop.sales, type: float }]"), 4, "inputs.0", /read and written by the same stage/],
    ["a type that another writer contradicts", stage("entity: shop\ninputs: [shop.day]\noutputs: [{ column: shop.sales, type: int }]"), 5, "outputs.0.type", /source shops writes it as double/],
    ["an unknown operator", "kind: Stage\nname: s\nentity: shop\nestimator: KMean\ninputs: [shop.sales]\noutputs: [{ column: shop.a, type: int }]", 4, "estimator", /Did you mean KMeans/],
    ["an input of a type that the operator cannot read", "kind: Stage\nname: s\nentity: shop\nestimator: KMeans\ninputs: [shop.sales]\noutputs: [{ column: shop.a, type: int }]", 5, "inputs.0", /takes vector, not double/],
    ["unknown fit parts", "kind: Stage\nname: s\nentity: shop\nestimator: QuantileDiscretizer\ninputs: [shop.sales]\noutputs: [{ column: shop.a, type: int }]\nfit: { split: halves, parts: [trian] }", 7, "fit.parts.0", /no part `trian`/],
    ["a feature that nobody writes", "kind: Feature\nname: shop.sale\ntype: float", 2, "name", /nothing writes `shop.sale`. Did you mean `shop.sales`/],
    ["a feature of another type", "kind: Feature\nname: shop.sales\ntype: int", 3, "type", /source shops writes it as double/],
    ["a view of two entities", "kind: FeatureView\nname: v\nentity: shop\nfeatures: [shop.sales, city.people]", 4, "features.1", /not a feature of shop/],
    ["a shorthand view of an unknown column", "kind: FeatureView\nname: v\nentity: shop\ncolumns:\n  - sales\n  - slaes", 6, "columns.1", /Did you mean `shop.sales`/],
    ["a service of an unknown view", "kind: FeatureService\nname: f\nfeatures: [v:sales]", 3, "features.0", /no feature view `v`/],
    ["a row key that is no column", "kind: Source\nname: more\nentity: shop\nformat: csv\nlocation: x\ncolumns: [{ name: id, type: int }]\nrowKey: [nr]", 7, "rowKey.0", /not among the columns/],
    ["a time column of another type", "kind: Source\nname: more\nentity: shop\nformat: csv\nlocation: x\ncolumns: [{ name: id, type: int }]\nrowKey: [id]\ntimeColumn: id", 8, "timeColumn", /must be date or timestamp/],
    ["windows of profiles that nobody knows", "kind: Source\nname: more\nentity: shop\nformat: csv\nlocation: x\ncolumns: [{ name: id, type: int }]\nrowKey: [id]\nprofileEvery: hour", 8, "profileEvery", /unknown value/],
    ["windows of profiles without a time", "kind: Source\nname: more\nentity: shop\nformat: csv\nlocation: x\ncolumns: [{ name: id, type: int }]\nrowKey: [id]\nprofileEvery: day", 8, "profileEvery", /no timeColumn/],
    ["a source without the join key", "kind: Source\nname: more\nentity: shop\nformat: csv\nlocation: x\ncolumns: [{ name: nr, type: int }]\nrowKey: [nr]", 6, "columns", /join key `id`/],
    ["a relation to nothing", "kind: Entity\nname: e\njoinKeys: [{ name: id, type: int }]\nrelations: [{ name: r, entity: town, by: id }]", 4, "relations.0.entity", /no entity `town`/],
    ["a relation of another type", "kind: Entity\nname: e\njoinKeys: [{ name: id, type: string }]\nrelations: [{ name: r, entity: city, by: id }]", 4, "relations.0.by", /`id` is string, but city/],
    ["parts that overlap", "kind: SplitPolicy\nname: p\ntype: time\ncolumn: day\nparts:\n  a: [null, 2001-02-01]\n  b: [2001-01-01, null]", 7, "parts.b", /`a` and `b` overlap/],
    ["a part beyond the buckets", "kind: SplitPolicy\nname: p\ntype: hash\nalgo: md5-32\nkey: id\nsalt: s\nbuckets: 10\nparts: { a: [[0, 11]] }", 8, "parts.a", /beyond the last bucket/],
    ["a pipeline of nothing", "kind: Pipeline\nname: p\noutputs: [shop.none]", 3, "outputs.0", /nothing writes/],
    ["a pin that does not fit", "kind: Pipeline\nname: p\noutputs: [shop.sales]\npins: { shop.sales: nobody }", 4, "pins.shop.sales", /no stage `nobody`/],
    ["an unknown split", "kind: Pipeline\nname: p\noutputs: [shop.sales]\nfit: { split: thirds, parts: [a] }", 4, "fit.split", /no split policy `thirds`/],
    ["a default split that is not there", "kind: Workspace\nname: w\ndefaultSplit: thirds", 3, "defaultSplit", /no split policy/],
    ["a name twice", "kind: SplitPolicy\nname: halves\ntype: time\ncolumn: day\nparts: { a: [null, null] }", 2, "name", /declared twice; the first time in documents, line \d+/],
  ])("together: %s", (_, text, line, path, message) => {
    expect(complaints(BASE)).toEqual([]);
    expect(complaints(BASE + text)).toEqual([
      expect.stringMatching(new RegExp(`^${line + LINES} ${path.replaceAll(".", "\\.")}: .*${message.source}`)),
    ]);
  }); // prettier-ignore

  it("say everything at once, and blame nobody for referring to a document with an error", () => {
    const text = BASE.replace("name: people, type: int", "name: people, type: itn") +
      "kind: Feature\nname: city.people\ntype: int\n---\nkind: Feature\nname: city.mayor\ntype: int\n"; // prettier-ignore
    expect(complaints(text)).toEqual([
      expect.stringMatching(/columns\.1\.type: Source cities/),
      expect.stringMatching(/name: Feature city.mayor: nothing writes/),
    ]);
  });

  it("survives whatever text comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."kind: Stage\n-[]{}&*!|>'\"%@`,?#\t\0é") }), (text) => {
        parseSpecs(text);
      }),
      { numRuns: 500 },
    );
    expect(complaints("[".repeat(100_000)).length).toBeGreaterThan(0);
  });

  it("tells of a stage whose input nobody writes, without refusing it", () => {
    const { definitions } = parseSpecs(
      BASE + stage("entity: shop\ninputs: [shop.rent]\noutputs: [{ column: shop.a, type: int }]"),
    );
    const { errors, warnings } = checkSpecs(definitions);
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([{ path: ["inputs", 0], message: expect.stringContaining("cannot be planned") }]);
  });

  it("tells of a pipeline that cannot be planned", () => {
    const a = stage("entity: shop\ninputs: [shop.b]\noutputs: [{ column: shop.a, type: int }]");
    const b = a.replace("name: s", "name: t").replace("shop.b]", "shop.a]").replace("column: shop.a", "column: shop.b");
    const pipeline = "kind: Pipeline\nname: p\noutputs: [shop.a]\n";
    expect(complaints(`${BASE}${a}---\n${b}---\n${pipeline}`)).toEqual([
      expect.stringMatching(/outputs: Pipeline p: /),
    ]);
  });
});

describe("documents", () => {
  it("take aliases and shorthands, and leave out what says nothing", () => {
    const [view] = definitionsIn("kind: FeatureView\nname: v\nentity: e\ncolumns: [a, { name: b, type: float }]\nttl: 7d\ntags: []\ndescription: ''"); // prettier-ignore
    expect(view).toEqual({ kind: "FeatureView", name: "v", entity: "e", features: ["e.a", "e.b"], ttlSeconds: 604_800, online: false }); // prettier-ignore
    const [one] = definitionsIn(stage("entity: e\ninputs: [e.a]\ncost: 1\noutputs: [{ column: e.b, type: Float }]"));
    expect(one).not.toHaveProperty("cost");
    expect((one as StageDefinition).outputs).toEqual([{ column: "e.b", type: "double" }]);
  });

  it("come as JSON, as one list or as objects, and say where they are", () => {
    const object = { kind: "Workspace", name: "w" };
    expect(definitionsIn(JSON.stringify([object]))).toEqual([object]);
    expect(definitionsIn([object])).toEqual([object]);
    expect(parseSpecs([object, { ...object, nmae: 1 }]).issues).toMatchObject([{ path: ["documents", 1, "nmae"] }]);
    expect(definitionsIn("# nothing\n---\n")).toEqual([]);
  });

  it("keep infinities as words, because JSON has none", () => {
    const [one] = definitionsIn("kind: Stage\nname: s\nentity: e\ntransformer: Bucketizer\ninputs: [e.a]\noutputs: [{ column: e.b, type: double }]\nparams: { splits: [-.inf, 0, .inf] }"); // prettier-ignore
    expect((one as StageDefinition).params).toEqual({ splits: ["-Infinity", 0, "Infinity"] });
  });

  it.each([
    ["90", 90], ["90s", 90], ["5m", 300], ["2h", 7200], ["1.5h", 5400], ["7d", 604_800], ["2w", 1_209_600], [0, 0], ["0", 0],
    ["", null], ["d", null], ["-1d", null], ["1.5s", null], ["100000d", null],
  ])("read the duration %j", (text, seconds) => {
    expect(toSeconds(text)).toBe(seconds);
    if (seconds !== null) expect(toSeconds(toDuration(seconds))).toBe(seconds);
  }); // prettier-ignore

  it.each([
    ["2001-05-01", "2001-05-01T00:00:00Z"],
    ["2001-05-01T10:00", "2001-05-01T10:00Z"],
    ["2001-05-01 10:00:00", "2001-05-01T10:00:00Z"],
    ["2001-05-01T10:00:00+02:00", "2001-05-01T10:00:00+02:00"],
    ["2001-02-29", null],
    ["2001-05-01T25:00", null],
    ["May 2001", null],
  ])("read the instant %s", (text, instant) => expect(toInstant(text)).toBe(instant));
});

describe("written documents", () => {
  it("read back as the same definitions: the demo", () => {
    const definitions = definitionsIn(DEMO);
    const again = parseSpecs(writeSpecFiles(definitions));
    expect(again.issues).toEqual([]);
    const byName = (list: Definition[]) =>
      list.toSorted((a, b) => (`${a.kind}${a.name}` < `${b.kind}${b.name}` ? -1 : 1));
    expect(byName(again.definitions.map(({ definition }) => definition))).toEqual(byName(definitions));
  });

  it("read back a key that would merge as a key", () => {
    const stage = { kind: "Stage", name: "s", entity: "e", transformer: "sql", inputs: [], outputs: [{ column: "e.a", type: "double" }], params: { "<<": { a: 1 }, deep: [{ "<<": "x" }] } }; // prettier-ignore
    const again = parseSpecs(writeSpecFiles([stage as Definition]));
    expect(again.issues).toEqual([]);
    expect(again.definitions[0]?.definition).toEqual(stage);
  });

  it("read back as the same definitions: any texts, numbers and lists", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const column = fc.tuple(name, name).map((parts) => parts.join("."));
    const words = fc.string({ minLength: 1, unit: "grapheme" }).map((text) => text.trim()).filter((text) => text !== "" && !text.includes("\0") && text.isWellFormed()); // prettier-ignore
    const json = fc
      .jsonValue({ maxDepth: 3 })
      .filter((value) => !/\\u0000|\\ud[89a-f]|__proto__/i.test(JSON.stringify(value)));
    const definition = fc.record<StageDefinition>(
      {
        kind: fc.constant("Stage"),
        name,
        entity: name,
        transformer: fc.constant("sql"),
        inputs: fc.uniqueArray(column),
        outputs: fc.uniqueArray(fc.record({ column, type: fc.constantFrom("double", "string") }), { minLength: 1, selector: (one) => one.column }), // prettier-ignore
        params: fc.dictionary(
          words.filter((key) => key !== "__proto__"),
          json,
          { minKeys: 1 },
        ),
        description: words,
        tags: fc.uniqueArray(words, { minLength: 1 }),
        cost: fc.integer({ min: 2 }),
      },
      { requiredKeys: ["kind", "name", "entity", "transformer", "inputs", "outputs"] },
    );
    fc.assert(
      fc.property(fc.uniqueArray(definition, { minLength: 1, selector: (one) => one.name }), (definitions) => {
        const plain = JSON.parse(JSON.stringify(definitions)) as Definition[];
        const again = parseSpecs(writeSpecFiles(plain));
        expect(again.issues).toEqual([]);
        expect(again.definitions.map((one) => one.definition)).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });
});

describe("integers beyond 2^53", () => {
  const stage = (value: string) => `
kind: Stage
name: s
entity: thing
transformer: sql
inputs: [thing.id]
outputs: [{ column: thing.x, type: bigint }]
params: { statement: "SELECT *, 1 AS x FROM __THIS__", big: ${value}, list: [{ deep: -${value} }], small: 7, half: 0.5 }
`;
  const paramsOf = (text: string) => {
    const { issues, definitions } = parseSpecs(text);
    expect(issues).toEqual([]);
    return (definitions[0]?.definition as StageDefinition).params;
  };

  it("keep their digits in params and in what is exported", () => {
    const exact = { big: "9007199254740993", list: [{ deep: "-9007199254740993" }], small: 7, half: 0.5 };
    expect(paramsOf(stage("9007199254740993"))).toMatchObject(exact);
    const { definitions } = parseSpecs(stage("9007199254740993"));
    const again = parseSpecs(writeSpecFiles(definitions.map((one) => one.definition)));
    expect(again.definitions[0]?.definition).toEqual(definitions[0]?.definition);
  });

  it("tell definitions apart that differ in the last digit only", () => {
    const [one, other] = ["9007199254740992", "9007199254740993"].map((value) => canonicalJson(paramsOf(stage(value))));
    expect(one).not.toBe(other);
  });

  it("are the same in YAML, in JSON and as bigints of a lossless parser", () => {
    const value = "9223372036854775798";
    const params = paramsOf(stage(value));
    const json = `{"kind":"Stage","name":"s","entity":"thing","transformer":"sql","inputs":["thing.id"],"outputs":[{"column":"thing.x","type":"bigint"}],"params":{"statement":"SELECT *, 1 AS x FROM __THIS__","big":${value},"list":[{"deep":-${value}}],"small":7,"half":0.5}}`;
    expect(paramsOf(json)).toEqual(params);
    const parsed = parseSpecs([
      { ...JSON.parse(json), params: { ...params, big: BigInt(value), list: [{ deep: -BigInt(value) }] } },
    ]);
    expect((parsed.definitions[0]?.definition as StageDefinition).params).toEqual(params);
  });

  it("bound a rule exactly", () => {
    const text = readFileSync(new URL("../../test/fixtures/04-big-integer-rule.yaml", import.meta.url), "utf8");
    const { issues, definitions } = parseSpecs(text);
    expect(issues).toEqual([]);
    const source = definitions[0]?.definition as SourceDefinition;
    expect(source.rules?.[0]?.kwargs).toEqual({ column: "top64", max_value: "9223372036854775798" });
  });

  it("are refused, not rounded, where a number is wanted", () => {
    const { issues } = parseSpecs(stage("1").replace("params:", "cost: 9007199254740993\nparams:"));
    expect(issues[0]?.path).toEqual(["cost"]);
  });
});
