import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { keepFilledRegistry } from "./filled-registry";

/** An archive of an earlier state may still be read by a run that is going on. */
const A_DAY_MS = 86_400_000;

/**
 * A migrated, empty registry as an archive, with the rows of the fixture beside it (`filledRegistry`), made once for each state of the
 * code: beginning from it takes a test a second where making a database and migrating it takes six, and filling it two more.
 */
export default async function setup(): Promise<void> {
  const folder = path.resolve("node_modules/.cache/tributary");
  const file = path.join(folder, `registry-${digestOfSources()}.tar`);
  process.env.TEST_DATABASE_SNAPSHOT = file;
  if (existsSync(file)) return;
  const directory = mkdtempSync(path.join(tmpdir(), "tributary-snapshot-"));
  try {
    await openDatabase({ directory });
    try {
      await keepFilledRegistry();
    } finally {
      await closeDatabase();
    }
    const database = await PGlite.create({ dataDir: path.join(directory, "registry") });
    const archive = await database.dumpDataDir("none");
    await database.close();
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const old = path.join(folder, name);
      if (statSync(old).mtimeMs < Date.now() - A_DAY_MS) rmSync(old, { force: true });
    }
    // By one rename, so that a run beside this one never reads half of it.
    const written = `${file}.${process.pid}`;
    writeFileSync(written, Buffer.from(await archive.arrayBuffer()));
    renameSync(written, file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Of whatever may change what the registry holds: its migrations, the code that fills it, and the database itself. */
function digestOfSources(): string {
  const hash = createHash("sha256");
  hash.update(readFileSync("node_modules/@electric-sql/pglite/package.json"));
  for (const root of ["prisma", "lib", "test"])
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" }).sort())
      if (/\.(sql|ts|mjs)$/.test(name) && !name.endsWith(".test.ts"))
        hash.update(name).update(readFileSync(path.join(root, name)));
  return hash.digest("hex").slice(0, 16);
}
