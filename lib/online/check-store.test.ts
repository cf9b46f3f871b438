import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkOnlineStore } from "./check-store";
import { LmdbStore, STORE_FILE } from "./lmdb-store";
import { wasClosed } from "./sound-mark";

const PAGE = 4096;
const folder = mkdtempSync(path.join(tmpdir(), "tributary-check-"));
const rows = Array.from({ length: 3000 }, (_, at) => ({
  key: `k${at}`,
  values: [`value ${at} ${"z".repeat(at % 60)}`],
  eventTime: null,
}));
const sets = ["s1", "s2"];
let whole: Buffer;

beforeAll(async () => {
  const store = LmdbStore.open(path.join(folder, "whole"));
  for (const set of sets)
    await store.writeSet(
      set,
      ["string"],
      (async function* () {
        yield* [rows];
      })(),
    );
  await store.close();
  whole = readFileSync(path.join(folder, "whole", STORE_FILE));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
function copyWith(damage: (bytes: Buffer) => void): string {
  const directory = path.join(folder, `copy-${(made += 1)}`);
  mkdirSync(directory);
  const bytes = Buffer.from(whole);
  damage(bytes);
  writeFileSync(path.join(directory, STORE_FILE), bytes);
  return directory;
}

/** Bytes by a small generator, so that a failing test damages the same twice. */
const noise = (seed: number) => () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 24;
const overwrite = (bytes: Buffer, from: number, count: number, next: () => number) => {
  for (let at = from; at < from + count; at += 1) bytes[at] = next();
};

describe("a store whose inner pages are damaged", () => {
  it.each<[what: string, every: number, damage: (bytes: Buffer, page: number) => void]>([
    ["zeros", 3, (bytes, page) => bytes.fill(0, page, page + PAGE)],
    ["noise", 4, (bytes, page) => overwrite(bytes, page, PAGE, noise(page + 1))],
    ["a head of noise", 5, (bytes, page) => overwrite(bytes, page, 24, noise(page + 2))],
    ["noise in the middle", 2, (bytes, page) => overwrite(bytes, page + 2048, 200, noise(page + 3))],
  ])(
    "is refused with what to do, or answers what was written: %s",
    async (_, every, damage) => {
      const pages = Math.floor(whole.length / PAGE);
      const refusals: string[] = [];
      for (let page = 2; page < pages; page += Math.max(1, Math.floor(pages / (every + 2)))) {
        const directory = copyWith((bytes) => damage(bytes, page * PAGE));
        const error = await checkOnlineStore(directory).then(
          () => null,
          (thrown: unknown) => thrown as { code: string; message: string },
        );
        if (error) {
          expect(error).toMatchObject({
            code: "unavailable",
            message: expect.stringMatching(/online store .* is damaged: .*move it out of the folder, start again, and run the pipelines/) as string, // prettier-ignore
          });
          refusals.push(error.message);
          continue;
        }
        const store = LmdbStore.open(directory);
        for (const set of sets)
        expect(store.readRows(set, rows.map(({ key }) => key)).map((row) => row?.values[0])).toEqual(rows.map(({ values }) => JSON.stringify(values[0]))); // prettier-ignore
        await store.close();
      }
      // Some pages hold nothing any more.
      expect(refusals.length).toBeGreaterThan(0);
    },
    240_000,
  );

  it("never serves a value of which one bit is another", async () => {
    let changed = 0;
    const directory = copyWith((bytes) => {
      for (let at = bytes.indexOf("value 1510 z"); at >= 0; at = bytes.indexOf("value 1510 z")) {
        bytes[at] = (bytes[at] as number) ^ 1;
        changed += 1;
      }
    });
    expect(changed).toBeGreaterThanOrEqual(sets.length);
    await expect(checkOnlineStore(directory)).rejects.toThrow(/a row is not what was written/);
    const store = LmdbStore.open(directory);
    const read = () => sets.map((set) => store.readRows(set, ["k1510"])[0]?.values[0]);
    expect(read).toThrow(/a row is not what was written.*move it out of the folder/);
    await store.close();
  });
});

describe("a store that is not damaged", () => {
  it("is checked unless it was closed in order and is the same file", async () => {
    const directory = copyWith(() => undefined);
    const file = path.join(directory, STORE_FILE);
    expect(wasClosed(file)).toBe(false);
    expect(await checkOnlineStore(directory)).toBe("sound");
    const store = LmdbStore.open(directory);
    expect(wasClosed(file)).toBe(false);
    await store.close();
    expect(wasClosed(file)).toBe(true);
    // As another file in its place.
    const { atime, mtime } = statSync(file);
    utimesSync(file, atime, new Date(mtime.getTime() + 5000));
    expect(wasClosed(file)).toBe(false);
    expect(await checkOnlineStore(path.join(folder, "none"))).toBe("sound");
  });

  it("of before there were checksums is read", async () => {
    const directory = path.join(folder, "before");
    mkdirSync(directory);
    copyFileSync(`test/fixtures/installation/data/online/${STORE_FILE}`, path.join(directory, STORE_FILE));
    expect(await checkOnlineStore(directory)).toBe("sound");
  });
});
