import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { previewJoins } from "@/lib/domain/joins/preview-joins";
import { JoinPreviewRequest, JoinPreview } from "./joins";
import { parseJsonAsWritten, writeJson } from "./json-text";

const text = readFileSync(new URL("../../test/fixtures/point-in-time-cases.json", import.meta.url), "utf8");
const cases = JSON.parse(text) as { name: string; expected: unknown }[];

const answer = (body: string) => writeJson(previewJoins(JoinPreviewRequest.parse(parseJsonAsWritten(body))));
const issuesOf = (body: unknown) =>
  (JoinPreviewRequest.safeParse(body).error?.issues ?? []).map(({ path, message }) => [path.join("."), message]);

describe("previewJoins", () => {
  // The whole case is sent, as a person would who has the file.
  it.each(cases.map((item) => [item.name, item] as const))("answers %s", (_, item) => {
    const rows = JSON.parse(answer(JSON.stringify(item))) as unknown;
    expect(JoinPreview.parse(rows)).toEqual({ rows: item.expected });
  });

  const VALUES = ["9007199254740993", "1.0", "0.10", "-0", "1e400", "123456789012345678901234567890.5", "true", "null", '"9"', "[1,[2.50,null]]", '{"a":1.0}']; // prettier-ignore
  it.each(VALUES)("gives %s back as it was written, as an id and as a value", (value) => {
    const view = `{"name":"f","rows":[{"entity":"u","event_ts":"2024-05-01","value":${value}}]}`;
    const body = `{"spine":[{"id":${value},"entity":"u","t":"2024-05-02"}],"views":[${view}]}`;
    expect(answer(body)).toBe(`{"rows":[{"id":${value},"f":${value}}]}`);
  });

  it("takes entities for equal when their JSON values are, however large", () => {
    const row = (entity: string, value: number) => `{"entity":${entity},"event_ts":"2024-05-01","value":${value}}`;
    const rows = ["1", '"1"', "true", '"true"', "9007199254740993", "9007199254740992"].map(row).join(",");
    const spine = ["1", '"1"', "true", "9007199254740993"].map((entity) => `{"id":0,"entity":${entity},"t":"2024-05-02"}`); // prettier-ignore
    const seen = JSON.parse(answer(`{"spine":[${spine.join(",")}],"views":[{"name":"f","rows":[${rows}]}]}`)) as { rows: { f: unknown }[] }; // prettier-ignore
    expect(seen.rows.map(({ f }) => f)).toEqual([0, 1, 2, 4]);
  });

  const spine = [{ id: 1, entity: "u", t: "2024-05-01T12:00:00Z" }];
  const row = { entity: "u", event_ts: "2024-05-01", value: 1 };
  const view = { name: "f", rows: [row] };
  it.each<[what: string, body: object, path: string, message: RegExp]>([
    ["an unknown member", { spine, views: [], veiws: [] }, "", /veiws/],
    ["an unknown member of a view", { spine, views: [{ ...view, ttl: 5 }] }, "views.0", /ttl/],
    ["an unknown member of a spine row", { spine: [{ ...spine[0], time: 1 }], views: [] }, "spine.0", /time/],
    ["an unknown kind", { kind: "window", spine, views: [] }, "kind", /asof/],
    ["no spine", { views: [] }, "spine", /array/],
    ["no views", { spine }, "views", /array/],
    ["a missing entity", { spine: [{ id: 1, t: "2024-05-01" }], views: [] }, "spine.0.entity", /text, an integer/],
    ["an entity that is none", { spine: [{ ...spine[0], entity: [1] }], views: [] }, "spine.0.entity", /text, an integer/], // prettier-ignore
    ["an entity with a fraction", { spine: [{ ...spine[0], entity: 1.5 }], views: [] }, "spine.0.entity", /text, an integer/], // prettier-ignore
    ["a missing id", { spine: [{ entity: 1, t: "2024-05-01" }], views: [] }, "spine.0.id", /JSON value/],
    ["a missing value", { spine, views: [{ name: "f", rows: [{ entity: 1, event_ts: "2024-05-01" }] }] }, "views.0.rows.0.value", /JSON value/], // prettier-ignore
    ["a missing time", { spine, views: [{ name: "f", rows: [{ entity: 1, value: 1 }] }] }, "views.0.rows.0.event_ts", /ISO/], // prettier-ignore
    ["no time at all", { spine: [{ ...spine[0], t: null }], views: [] }, "spine.0.t", /ISO/],
    ...[
      "yesterday",
      "2024-02-30",
      "2024-05-01T25:00:00Z",
      "2024-05-01T10:00:00.0000001Z",
      "1714557600",
      "2024-05-01T10:00:00+2",
    ].map(
      (t): [string, object, string, RegExp] => [`the time ${t}`, { spine: [{ ...spine[0], t }], views: [] }, "spine.0.t", /ISO.*found/], // prettier-ignore
    ),
    ["a created_ts that is no time", { spine, views: [{ name: "f", rows: [{ ...row, created_ts: "?" }] }] }, "views.0.rows.0.created_ts", /ISO/], // prettier-ignore
    ["two views of one name", { spine, views: [view, view] }, "views.1.name", /views 0 and 1 are both "f"/],
    ["a view of a spine member's name", { spine, views: [{ ...view, name: "id" }] }, "views.0.name", /id, entity, t/],
    ["a view without a name", { spine, views: [{ ...view, name: "" }] }, "views.0.name", /./],
    ["a negative ttl", { spine, views: [{ ...view, ttlSeconds: -1 }] }, "views.0.ttlSeconds", /0 or more/],
    ["a ttl that is text", { spine, views: [{ ...view, ttlSeconds: "7200" }] }, "views.0.ttlSeconds", /seconds/],
    ["a ttl of nanoseconds", { spine, views: [{ ...view, ttlSeconds: 1e-9 }] }, "views.0.ttlSeconds", /six decimals/],
    ["a boundary that is none", { spine, views: [{ ...view, boundary: "closed" }] }, "views.0.boundary", /inclusive/],
    ["knowledge that is none", { spine, views: [{ ...view, knowledge: "all" }] }, "views.0.knowledge", /created/],
  ])("refuses %s by name", (_, body, path, message) => {
    expect(issuesOf(body)).toContainEqual([path, expect.stringMatching(message) as string]);
  });

  it("refuses one name twice and what nests too deep, as everywhere", () => {
    expect(() => answer('{"spine":[],"spine":[],"views":[]}')).toThrow(/spine/);
    expect(() => answer(`{"spine":[],"views":${"[".repeat(200)}`)).toThrow(/deeper than 100 levels/);
  });

  it("refuses an answer that is too large before it makes it", () => {
    const many = Array.from({ length: 2000 }, (_, at) => ({ name: `f${at}`, rows: [] }));
    const long = Array.from({ length: 1001 }, () => spine[0]);
    expect(issuesOf({ spine: long, views: many })).toEqual([["views", expect.stringMatching(/2,000,000 values/)]]);
  });
});

it("answers what docs/point-in-time.md shows", () => {
  const page = readFileSync(new URL("../../docs/point-in-time.md", import.meta.url), "utf8");
  const [request = "", expected = ""] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block);
  expect(JSON.parse(answer(request))).toEqual(JSON.parse(expected));
});
