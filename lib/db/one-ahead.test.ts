import { describe, expect, it } from "vitest";
import { oneAhead } from "./one-ahead";

/** Questions that are answered when the test says so, in the order in which they were asked. */
function answers() {
  const waiting: { question: number; answer: () => void; fail: (error: Error) => void }[] = [];
  const ask = (question: number) =>
    new Promise<number>((resolve, reject) => {
      waiting.push({ question, answer: () => resolve(question * 10), fail: reject });
    });
  return { waiting, ask };
}

describe("oneAhead", () => {
  it.each([[[]], [[1]], [[1, 2, 3, 4]]])("gives the answers of %j in order", async (questions) => {
    const given: number[] = [];
    for await (const answer of oneAhead(questions, (question) => Promise.resolve(question * 10))) given.push(answer);
    expect(given).toEqual(questions.map((question) => question * 10));
  });

  it("has asked the next, and no more, when one is given", async () => {
    const { waiting, ask } = answers();
    const given = oneAhead([1, 2, 3, 4], ask);
    const first = given.next();
    await Promise.resolve();
    expect(waiting.map(({ question }) => question)).toEqual([1, 2]);
    waiting[0]?.answer();
    expect(await first).toEqual({ done: false, value: 10 });
    expect(waiting).toHaveLength(2);
  });

  it("throws the error of a question in its place, and leaves no other error unheard", async () => {
    const given: number[] = [];
    const ask = (question: number) =>
      question < 3 ? Promise.resolve(question) : Promise.reject(new Error(`no answer to ${question}`));
    await expect(
      (async () => {
        for await (const answer of oneAhead([1, 2, 3, 4], ask)) given.push(answer);
      })(),
    ).rejects.toThrow("no answer to 3");
    expect(given).toEqual([1, 2]);
  });

  it("waits for what it asked for when the reader stops", async () => {
    const { waiting, ask } = answers();
    const given = oneAhead([1, 2, 3], ask);
    const first = given.next();
    await Promise.resolve();
    waiting[0]?.answer();
    await first;
    let hasEnded = false;
    const end = given.return(undefined).then(() => (hasEnded = true));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect(hasEnded).toBe(false);
    waiting[1]?.fail(new Error("heard by nobody"));
    await end;
    expect(waiting).toHaveLength(2);
  });
});
