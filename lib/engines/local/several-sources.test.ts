import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

describe("an entity with several sources", () => {
  it("has the rows of all that have its event time, and the attributes of the others on each", async () => {
    const write = (name: string, query: string) => world.write(name, query);
    const timed = (name: string, location: string, column: string) => ({
      ...obsSource(location, [{ name: column, type: "bigint" as const }], true),
      name,
    });
    const fixed = (name: string, location: string, column: string) => ({
      ...obsSource(location, [{ name: column, type: "string" as const }]),
      name,
    });
    const sum = stage("sum", {
      transformer: "sql",
      inputs: ["obs.a", "obs.b", "obs.colour", "obs.shape"],
      outputs: [{ column: "obs.text", type: "string" }],
      params: {
        statement: "SELECT *, concat_ws(' ', colour, shape, coalesce(a, 0) + coalesce(b, 0)) AS text FROM __THIS__",
      },
    });
    const run = await world.run({
      entities: [obsEntity(true)],
      sources: [
        timed(
          "first",
          await write(
            "a.parquet",
            "FROM (VALUES (1, TIMESTAMP '2024-01-01', 10), (2, TIMESTAMP '2024-01-01', 20)) t(id, t, a)",
          ),
          "a",
        ),
        fixed("paint", await write("c.parquet", "FROM (VALUES (1, 'red'), (2, 'blue')) t(id, colour)"), "colour"),
        timed(
          "second",
          await write(
            "b.parquet",
            "FROM (VALUES (1, TIMESTAMP '2024-01-01', 1), (2, TIMESTAMP '2024-01-02', 2)) t(id, t, b)",
          ),
          "b",
        ),
        fixed("form", await write("d.parquet", "FROM (VALUES (2, 'round'), (3, 'flat')) t(id, shape)"), "shape"),
      ],
      stages: [sum],
    });
    expect((await run.rows("obs")).map(({ id, text }) => [id, text])).toEqual([
      [1, "red 11"],
      [2, "blue round 20"],
      [2, "blue round 2"],
    ]);
  });
});
