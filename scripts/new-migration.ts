/**
 * `npm run migration NAME`: writes prisma/migrations/<time>_NAME/migration.sql with the difference between the existing
 * migrations and prisma/schema.prisma. It uses Prisma's schema engine as WebAssembly on an embedded database, because
 * `prisma migrate` needs an engine download that not every network allows.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as schemaEngine from "@prisma/schema-engine-wasm/schema_engine_bg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { migrate, migrationsDirectory } from "../lib/db/migrate";

const name = process.argv[2];
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error("Usage: npm run migration NAME, where NAME is lower_case_words.");
  process.exit(2);
}

const file = { path: "prisma/schema.prisma", content: await readFile("prisma/schema.prisma", "utf8") };
await mkdir(migrationsDirectory(), { recursive: true });
const pglite = await PGlite.create();
try {
  await migrate({
    async execute(sql, values) {
      if (values?.length) return { rows: (await pglite.query<Record<string, unknown>>(sql, values)).rows, rowCount: 0 };
      await pglite.exec(sql);
      return { rows: [], rowCount: 0 };
    },
  });
  const factory = new PrismaPGlite(pglite);
  const engine = await (
    await loadEngine()
  ).new(
    { datamodels: [[file.path, file.content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory as never),
  );
  const difference = await engine.diff({
    from: { tag: "schemaDatasource", files: [file], configDir: process.cwd() },
    to: { tag: "schemaDatamodel", files: [file] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  const sql = difference.stdout?.trim() ?? "";
  if (sql === "" || sql.includes("This is an empty migration")) {
    console.log("prisma/schema.prisma and the migrations agree: nothing to write.");
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    const directory = path.join(migrationsDirectory(), `${stamp}_${name}`);
    await mkdir(directory);
    await writeFile(path.join(directory, "migration.sql"), `${sql}\n`);
    console.log(`Wrote ${path.relative(process.cwd(), directory)}/migration.sql. Read it before you commit it.`);
  }
} finally {
  await pglite.close();
}

/** The package's entry imports a .wasm file as a module, which Node does only behind a flag; its parts load without one. */
async function loadEngine(): Promise<typeof schemaEngine.SchemaEngine> {
  const directory = path.dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const binary = await readFile(path.join(directory, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": schemaEngine as never });
  const glue = schemaEngine as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void };
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return schemaEngine.SchemaEngine;
}
