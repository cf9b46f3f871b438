import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const KEPT = path.resolve("node_modules/.cache/tributary");

/**
 * Lays the registry of an installation that nobody used yet into a data folder: making and migrating one takes as long as many a test.
 * What an installation does at its very first start begins without it.
 */
export async function layMigratedRegistry(data: string): Promise<void> {
  const kept = path.join(KEPT, `folder-${digestOfMigrations()}`);
  if (!existsSync(kept)) await make(kept);
  mkdirSync(data, { recursive: true });
  cpSync(path.join(kept, "registry"), path.join(data, "registry"), { recursive: true });
}

async function make(kept: string): Promise<void> {
  mkdirSync(KEPT, { recursive: true });
  const folder = mkdtempSync(path.join(KEPT, "new-"));
  // The command line opens the registry itself where no portal answers.
  const { DATABASE_URL: _, TRIBUTARY_URL: __, ...inherited } = process.env;
  const env = { ...inherited, TRIBUTARY_DATA: folder, PORT: "9" };
  await promisify(execFile)(process.execPath, ["bin/tributary.mjs", "workspaces", "list"], { env });
  try {
    renameSync(folder, kept);
  } catch (error) {
    // Another process was first.
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(kept)) throw error;
  }
}

function digestOfMigrations(): string {
  const hash = createHash("sha256").update(readFileSync("node_modules/@electric-sql/pglite/package.json"));
  for (const name of readdirSync("prisma/migrations").sort()) {
    const file = path.join("prisma/migrations", name, "migration.sql");
    if (existsSync(file)) hash.update(name).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}
