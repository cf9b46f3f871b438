/** What is read where a request waits: enough to find what does not fit, and no more than it may be. */
import { spawnSync } from "node:child_process";
import { appendFileSync, createWriteStream, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { constants, createGzip, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileSource, SourceColumn } from "@/lib/domain/definitions/source";
import { openSession, type Session } from "./session";
import { digestFile } from "@/lib/config/file-digest";
import { describeSource } from "./source-file";
import { openSmallWorld, type SmallWorld } from "./small-world.test-support";

const BOUNDS = { files: 10, bytes: 2 ** 20, rows: 5000 };
const COLUMNS: SourceColumn[] = [
  { name: "id", type: "bigint" },
  { name: "x", type: "bigint" },
];
const ROWS = 150_000;

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const source = (location: string, more: Partial<FileSource> = {}): FileSource => ({ kind: "Source", name: "things", entity: "thing", format: "csv", location, columns: COLUMNS, rowKey: ["id"], ...more }); // prettier-ignore
const path = (name: string) => join(world.folder, name);
const bounded = (location: string, more?: Partial<FileSource>) => world.engine.describe(source(location, more), BOUNDS); // prettier-ignore

/** Rows whose last one has a text in a column of numbers. */
const text = (rows: number, misfitAt = rows - 1) =>
  `id,x\n${Array.from({ length: rows }, (_, at) => `${at},${at === misfitAt ? "no number" : at}`).join("\n")}\n`;

describe("a file that is larger than a request reads", () => {
  it.each<[name: string, content: () => string | Buffer, more: Partial<FileSource>]>([
    ["rows.csv", () => text(ROWS), {}],
    ["rows.csv.gz", () => gzipSync(text(ROWS)), {}],
    ["latin.csv", () => Buffer.from(text(ROWS).replaceAll("\n", ",Zoë\n"), "latin1"), { reading: { encoding: "latin1" } }], // prettier-ignore
    ["lines.json", () => Array.from({ length: ROWS }, (_, at) => JSON.stringify({ id: at, x: at === ROWS - 1 ? "no" : at })).join("\n"), { format: "json" }], // prettier-ignore
    ["array.json", () => JSON.stringify(Array.from({ length: ROWS }, (_, at) => ({ id: at, x: at === ROWS - 1 ? "no" : at }))), { format: "json" }], // prettier-ignore
  ])("%s is read in part, and that is said with the file", async (name, content, more) => {
    writeFileSync(path(name), content());
    const found = await bounded(path(name), more);
    expect(found).toMatchObject({ rows: BOUNDS.rows, files: [] });
    const [said] = found.warnings;
    expect(said).toContain(path(name));
    expect(said).toMatch(/the first 5,000 rows read now\. The first run reads all/);
    const { reading, format } = { ...source(path(name), more) };
    const seen = await world.engine.inspectFiles({ location: path(name), format, ...(reading && { reading }) }, BOUNDS);
    expect(seen).toMatchObject({ rows: BOUNDS.rows, isPart: true, files: [{ path: path(name) }] });
    expect(seen.columns.find((column) => column.name === "x")?.type).toBe("bigint");
    expect(seen.warnings[0]).toContain(path(name));
    expect(seen.warnings[0]).toMatch(/the first 5,000 rows read now\. .*Types, missing values and the key are told from those/); // prettier-ignore
    // Nobody is told that all of it fits: a run reads on, and refuses it.
    await expect(world.engine.describe(source(path(name), more))).rejects.toMatchObject({ code: "invalid" });
  });

  it("is refused for what its first rows have", async () => {
    writeFileSync(path("early.csv"), text(ROWS, 7));
    await expect(bounded(path("early.csv"))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/column x has 1 value that is not bigint: no number in row 8/) as string,
    });
    await expect(bounded(path("early.csv"), { columns: [...COLUMNS, { name: "y", type: "double" }] })).rejects.toThrow(
      /no column y/,
    );
  });

  it("of Parquet is read in part too, and a small one whole", async () => {
    const large = await world.write("large.parquet", `SELECT range AS id, hash(range) % 1000000 AS x FROM range(${ROWS * 2})`); // prettier-ignore
    expect(statSync(large).size).toBeGreaterThan(BOUNDS.bytes);
    expect(await bounded(large, { format: "parquet" })).toMatchObject({ rows: BOUNDS.rows, files: [] });
    const small = await world.write("small.parquet", "SELECT range AS id, range AS x FROM range(10000)");
    expect(await bounded(small, { format: "parquet" })).toMatchObject({ rows: 10_000, files: [{ path: small }] });
  });
});

describe("a gz bomb", () => {
  it("of two gigabytes is read in part, in the memory that there is", async () => {
    const name = path("bomb.csv.gz");
    const out = createWriteStream(name);
    const gzip = createGzip({ level: constants.Z_BEST_SPEED });
    gzip.pipe(out);
    gzip.write("id,x\n");
    const block = Buffer.from("1,1\n".repeat(2 ** 18));
    for (let at = 0; at < 2048; at += 1) if (!gzip.write(block)) await once(gzip, "drain");
    gzip.end();
    await once(out, "close");
    const found = await bounded(name);
    expect(found.rows).toBe(BOUNDS.rows);
    expect(found.warnings[0]).toContain("bomb.csv.gz");
    expect(await world.engine.inspectFiles({ location: name }, BOUNDS)).toMatchObject({
      rows: BOUNDS.rows,
      isPart: true,
    });
    // A copy in another encoding ends as early.
    const session = await openSession({ dataDirectory: world.dataDirectory, threads: 1, memoryLimit: "256MB" });
    try {
      const anywhere = { directories: [], anywhere: true };
      await describeSource(session, source(name, { reading: { encoding: "latin1" } }), anywhere, BOUNDS);
      expect(sizeOf(session.scratch)).toBeLessThan(BOUNDS.bytes * 2);
    } finally {
      await session.close();
    }
  }, 240_000);
});

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

describe("a header of very many columns", () => {
  const header = (columns: number, rows = 1) => {
    const names = Array.from({ length: columns }, (_, at) => `a_column_with_quite_a_long_name_${at}`);
    const row = names.map(() => "1").join(",");
    return `id,x,${names.join(",")}\n${`1,1,${row}\n`.repeat(rows)}`;
  };

  it("is refused with the file and what to do", async () => {
    writeFileSync(path("wide.csv"), header(100_000));
    await expect(bounded(path("wide.csv"))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/wide\.csv of source things has 100,002 columns; at most 20,000 are read\. Say by which mark/) as string, // prettier-ignore
    });
  });

  it("is read up to a limit, also where it is longer than a block", async () => {
    writeFileSync(path("broad.csv"), header(3000, 3).replaceAll("quite_a_long_name", "x".repeat(400)));
    expect((await bounded(path("broad.csv"))).rows).toBe(3);
  });
});

describe("a folder", () => {
  it("of too many files is refused before they are read", async () => {
    mkdirSync(path("crowd"));
    for (let at = 0; at < 20_001; at += 1) writeFileSync(path(`crowd/${at}.csv`), "");
    await expect(bounded(path("crowd"))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/more than 20,000 files and folders/) as string,
    });
  });

  it("of more files than a request opens is read in part, from the first file to the last", async () => {
    mkdirSync(path("days"));
    for (let at = 100; at < 400; at += 1) writeFileSync(path(`days/${at}.csv`), `id,x\n${at},1\n`);
    const found = await bounded(path("days"));
    expect(found.rows).toBe(BOUNDS.files);
    expect(found.warnings[0]).toMatch(/300 files such as .*100\.csv .*10 files of them opened/);
    writeFileSync(path("days/399.csv"), "id,x\n399,no\n");
    await expect(bounded(path("days"))).rejects.toThrow(/no in row 1 of .*399\.csv/);
  });
});

describe("what is no file", () => {
  it("is refused by name, and nobody waits for it", async () => {
    if (process.platform === "win32") return;
    expect(spawnSync("mkfifo", [path("pipe.csv")]).status).toBe(0);
    for (const location of [path("pipe.csv"), "/dev/zero"])
      await expect(bounded(location)).rejects.toMatchObject({
        code: "invalid",
        message: expect.stringMatching(new RegExp(`${location}, which is neither a file nor a folder`)) as string,
      });
  });
});

describe("a file that is written to while it is read", () => {
  it("has an end, and is no version of anything", async () => {
    const name = path("growing.csv");
    writeFileSync(name, text(1000, -1));
    const { bytes } = await digestFile(name);
    expect(bytes).toBe(statSync(name).size);
    const session: Session = await openSession({
      dataDirectory: world.dataDirectory,
      threads: 1,
      memoryLimit: "256MB",
    });
    try {
      // As by another process, once its columns are being read.
      const meddling: Session = {
        ...session,
        row: (sql) => {
          appendFileSync(name, "1000,1000\n");
          return session.row(sql);
        },
      };
      await expect(describeSource(meddling, source(name), { directories: [], anywhere: true })).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringMatching(/growing\.csv of source things changed while it was read, from .* rename it when it is whole/) as string, // prettier-ignore
      });
    } finally {
      await session.close();
    }
  });
});
