import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { RUN_STATES, RUN_TRANSITIONS, type RunState, type RunTransition } from "@/lib/domain/runs/run-states";
import { openTestDatabase } from "@/test/open-test-database";
import { moveRuns } from "./move-runs";

const root = path.join(import.meta.dirname, "../../..");
let workspaceId = "";
let number = 0;

beforeAll(async () => {
  await openTestDatabase();
  ({ id: workspaceId } = await prisma().workspace.create({
    data: {
      name: "moving",
      title: "",
      description: "",
      definition: {},
      digest: "",
      createdBy: "test",
      updatedBy: "test",
    },
  }));
});
afterAll(closeDatabase);

function runIn(state: RunState) {
  number += 1;
  return prisma().run.create({
    data: { workspaceId, number, kind: "variant", title: "", state, params: {}, attempt: 3, createdBy: "test" },
  });
}

const move = (transition: RunTransition, id: string, attempt: number) =>
  prisma().$transaction((tx) => moveRuns(tx, transition, { id, attempt }, { message: "moved" }));

const stateOf = async (id: string) => (await prisma().run.findUniqueOrThrow({ where: { id } })).state;

describe("moveRuns", () => {
  const pairs = (Object.keys(RUN_TRANSITIONS) as RunTransition[]).flatMap((name) =>
    RUN_STATES.map((state) => [name, state] as const),
  );

  it.each(pairs)("%s of a run that is %s", async (name, state) => {
    const { from, to } = RUN_TRANSITIONS[name];
    const run = await runIn(state);
    const moved = await move(name, run.id, 3);
    expect(moved.map(({ state, message }) => ({ state, message }))).toEqual(
      state === from ? [{ state: to, message: "moved" }] : [],
    );
    expect(await stateOf(run.id)).toBe(state === from ? to : state);
  });

  it.each(["giveBack", "succeed", "fail", "stop"] as const)("%s of an attempt that lost the run", async (name) => {
    const run = await runIn("running");
    expect(await move(name, run.id, 2)).toEqual([]);
    expect(await stateOf(run.id)).toBe("running");
  });

  it("lets one of two that move the same run win", async () => {
    const run = await runIn("queued");
    const won = await Promise.all([move("claim", run.id, 3), move("withdraw", run.id, 3)]);
    expect(won.flat()).toHaveLength(1);
  });

  it("is refused by the database for a state that there is not", async () => {
    const run = await runIn("queued");
    await expect(prisma().run.update({ where: { id: run.id }, data: { state: "paused" } })).rejects.toThrow();
  });
});

/** What stands between the bracket at `at` and the one that closes it, without what nested brackets hold. */
function topLevel(text: string, at: number): string {
  let depth = 0;
  let found = "";
  for (let index = at; index < text.length; index += 1) {
    const letter = text[index] as string;
    if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    else if (depth === 1) found += letter;
    if (depth === 0) return found;
  }
  return found;
}

/** Whether a file gives a member `state` to the data of a write to runs, or sets the column by SQL. */
function writesState(text: string): boolean {
  for (const { index, 0: call } of text.matchAll(/\.run\.(?:update|create|upsert)\w*\(/g)) {
    const given = text.indexOf("data: {", index + call.length);
    if (given !== -1 && /(?:^|[\s,])state\s*(?:[:,]|$)/.test(topLevel(text, given + "data: ".length))) return true;
  }
  return /UPDATE "Run"\s+SET[^`]*?"state"\s*=/.test(text.replace(/\bWHERE\b[^`]*/g, ""));
}

describe("a run's state", () => {
  it("is written by moveRuns and where a run begins, and nowhere else", () => {
    const writers = readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" }).filter(
      (file) =>
        /\.tsx?$/.test(file) &&
        !/\.test(-support)?\.tsx?$/.test(file) &&
        !file.startsWith("db/generated") &&
        writesState(readFileSync(path.join(root, "lib", file), "utf8")),
    );
    expect(writers.sort()).toEqual(["registry/runs/move-runs.ts", "registry/runs/queue.ts"]);
  });
});
