import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { migrate, migrationsDirectory } from "@/lib/db/migrate";

/**
 * A migrated, empty registry as an archive, made once for each set of migrations: beginning from it takes a test a second where
 * making a database and migrating it takes six.
 */
export default async function setup(): Promise<void> {
  const folder = path.resolve("node_modules/.cache/tributary");
  const file = path.join(folder, `registry-${digestOfMigrations()}.tar`);
  process.env.TEST_DATABASE_SNAPSHOT = file;
  if (existsSync(file)) return;
  const database = await PGlite.create();
  try {
    await migrate({
      async execute(sql, values) {
        if (values?.length)
          return { rows: (await database.query<Record<string, unknown>>(sql, values)).rows, rowCount: 0 };
        await database.exec(sql);
        return { rows: [], rowCount: 0 };
      },
    });
    const archive = await database.dumpDataDir("none");
    mkdirSync(folder, { recursive: true });
    // By one rename, so that a run beside this one never reads half of it.
    const written = `${file}.${process.pid}`;
    writeFileSync(written, Buffer.from(await archive.arrayBuffer()));
    renameSync(written, file);
  } finally {
    await database.close();
  }
}

/** Of the migrations, and of the database that they are applied to. */
function digestOfMigrations(): string {
  const hash = createHash("sha256");
  hash.update(readFileSync("node_modules/@electric-sql/pglite/package.json"));
  const directory = migrationsDirectory();
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" }).sort())
    if (name.endsWith(".sql")) hash.update(name).update(readFileSync(path.join(directory, name)));
  return hash.digest("hex").slice(0, 16);
}
