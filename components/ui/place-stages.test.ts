import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeStages } from "./place-stages";

const graph = (text: string) =>
  text
    .trim()
    .split(/\s+/)
    .map((line) => {
      const [id, reads = ""] = line.split("<");
      return { id: id as string, reads: reads.split(",").filter((read) => read !== "") };
    });
const columnsOf = (text: string) =>
  Object.fromEntries([...placeStages(graph(text))].map(([id, { column }]) => [id, column]));

describe("placeStages", () => {
  it.each<[string, Record<string, number>]>([
    ["a b<a c<b", { a: 0, b: 1, c: 2 }],
    ["a b<a c<a,b", { a: 0, b: 1, c: 2 }],
    ["c<a,b b<a a", { a: 0, b: 1, c: 2 }],
    ["a<gone", { a: 0 }],
    ["a<a", { a: 0 }],
    ["a<b b<a", { a: 1, b: 0 }],
  ])("%s", (text, columns) => {
    expect(columnsOf(text)).toEqual(columns);
  });

  it("uncrosses what need not cross", () => {
    const places = placeStages(graph("a b y<b x<a"));
    expect(places.get("a")!.row < places.get("b")!.row).toBe(places.get("x")!.row < places.get("y")!.row);
  });

  it("puts nothing above the top, no two in one place, and readers right of what they read", () => {
    const acyclic = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 }).map((all) =>
      all.map((reads, index) => ({
        id: `n${index}`,
        reads: reads.filter((read) => read < index).map((read) => `n${read}`),
      })),
    );
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const places = placeStages(nodes);
        expect(new Set([...places.values()].map(({ column, row }) => `${column}:${row}`)).size).toBe(nodes.length);
        for (const { id, reads } of nodes) {
          const { column, row } = places.get(id)!;
          expect(row).toBeGreaterThanOrEqual(0);
          for (const read of reads) expect(places.get(read)!.column).toBeLessThan(column);
        }
      }),
    );
  });
});
