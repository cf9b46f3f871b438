import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/domain/errors";
import type { StatementToCheck } from "@/lib/domain/sql/statement-to-check";
import { stage } from "../small-world.test-support";
import { checkInChunks, tooSlow } from "./check-in-chunks";

const statements = (...names: string[]): StatementToCheck[] =>
  names.map((name) => ({ stage: stage(name, { inputs: [], outputs: [] }), columns: [], keys: [] }));
const namesOf = (some: readonly StatementToCheck[]) => some.map((one) => one.stage.name);

describe("statements that are bound in chunks", () => {
  it("are bound one by one where a chunk is too slow, and nothing is said of those that are quick alone", async () => {
    const asked: string[][] = [];
    const findings = await checkInChunks(statements("a", "b", "c"), (some) => {
      asked.push(namesOf(some));
      return some.length > 1 ? Promise.reject(tooSlow(20_000)) : Promise.resolve([[]]);
    });
    expect(findings).toEqual([[], [], []]);
    expect(asked).toEqual([["a", "b", "c"], ["a"], ["b"], ["c"]]);
  });

  it.each([
    ["too slow", tooSlow(20_000), /stage b could not be checked: .*longer than 20 seconds.*Try again/],
    ["a process that ended", new DomainError("unavailable", "The engine's process did not start."), /stage b could not be checked: .*did not start/], // prettier-ignore
  ])("are not called wrong for a process of their own that is of no use: %s", async (_, error, message) => {
    for (const names of [["b"], ["a", "b", "c"]]) {
      const checked = checkInChunks(statements(...names), (some) =>
        namesOf(some).includes("b") ? Promise.reject(error) : Promise.resolve(some.map(() => [])),
      );
      await expect(checked).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(message) as string,
        context: { stage: "b" },
      });
    }
  });

  it.each([
    new DomainError("invalid", "This needs more memory than the engine may have."),
    new DomainError("unavailable", "The engine ran out of memory.", { limit: "memory" }),
  ])("are wrong where they alone take the memory: %s", async (memory) => {
    const findings = await checkInChunks(statements("a", "b"), (some) =>
      namesOf(some).includes("b") ? Promise.reject(memory) : Promise.resolve(some.map(() => [])),
    );
    expect(findings).toMatchObject([[], [{ message: expect.stringMatching(/cannot be described: .*memory/) as string }]]); // prettier-ignore
  });

  it("do not keep a request for longer than a minute, however many there are", async () => {
    let time = 0;
    const names = Array.from({ length: 50 }, (_, at) => `s${at}`);
    const checked = checkInChunks(
      statements(...names),
      (some) => {
        time += 19_000;
        return some.length > 1 ? Promise.reject(tooSlow(20_000)) : Promise.resolve([[]]);
      },
      () => time,
    );
    await expect(checked).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/50 statements took longer than 60 seconds/) as string,
    });
    expect(time).toBe(5 * 19_000);
  });

  it("pass on what is neither", async () => {
    await expect(checkInChunks(statements("a"), () => Promise.reject(new Error("a defect")))).rejects.toThrow("a defect"); // prettier-ignore
  });
});
