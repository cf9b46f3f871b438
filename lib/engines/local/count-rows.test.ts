import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallWorld, obsSource, openSmallWorld } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

describe("counting a source's rows by time", () => {
  it("counts each window, its beginning included and its end not", async () => {
    const location = await world.write(
      "hours.parquet",
      "SELECT range AS id, TIMESTAMP '2024-01-01' + to_hours(range::INTEGER) AS t, 1e0 AS x FROM range(48)",
    );
    const source = obsSource(location, [{ name: "x", type: "double" }], true);
    const windows: [string, string][] = [
      ["2024-01-01", "2024-01-02"],
      ["2024-01-02T20:00:00Z", "2024-01-09"],
      ["2023-01-01", "2024-01-01"],
    ];
    expect(await world.engine.countRows(source, windows)).toEqual([24, 4, 0]);
    expect(await world.engine.countRows(source, [])).toEqual([]);
    await expect(world.engine.countRows(obsSource(location, [{ name: "x", type: "double" }]), windows)).rejects.toThrow(
      /no time column/,
    );
    expect(await world.leftovers()).toEqual([]);
  });
});
