import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, database } from "./client";
import { migrate, type MigrationFile, readMigrations } from "./migrate";

beforeAll(() => openTestDatabase());
afterAll(() => closeDatabase());

const file = (name: string, sql: string): MigrationFile => ({
  name,
  sql,
  checksum: createHash("sha256").update(sql).digest("hex"),
});

describe("migrate", () => {
  it("records each of the project's migrations in Prisma's ledger, once", async () => {
    const files = await readMigrations();
    expect(await migrate(database())).toEqual([]);
    const { rows } = await database().execute(
      "SELECT migration_name, checksum, applied_steps_count, finished_at IS NOT NULL AS finished, rolled_back_at FROM _prisma_migrations ORDER BY migration_name",
    );
    expect(rows).toEqual(
      files.map(({ name, checksum }) => ({
        migration_name: name,
        checksum,
        applied_steps_count: 1,
        finished: true,
        rolled_back_at: null,
      })),
    );
  });

  it("applies a migration once when many processes start at the same moment", async () => {
    const once = file("29990101000000_once", "CREATE TABLE once (id int); INSERT INTO once VALUES (1);");
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database(), [once])));
    expect(applied.flat()).toEqual([once.name]);
    expect((await database().execute("SELECT count(*)::int AS n FROM once")).rows).toEqual([{ n: 1 }]);
  });

  it("leaves nothing of a migration that breaks, and applies it when it is mended", async () => {
    const name = "29990102000000_broken";
    const broken = file(name, "CREATE TABLE half (id int); INSERT INTO half VALUES ('not a number');");
    await expect(migrate(database(), [broken])).rejects.toThrow();
    expect((await database().execute("SELECT to_regclass('half') AS found")).rows).toEqual([{ found: null }]);
    expect(await migrate(database(), [file(name, "CREATE TABLE half (id int);")])).toEqual([name]);
  });

  it("refuses a migration that was changed after it was applied", async () => {
    const first = file("29990103000000_changed", "CREATE TABLE changed (id int);");
    await migrate(database(), [first]);
    const edited = { ...first, checksum: "another" };
    await expect(migrate(database(), [edited])).rejects.toThrow(
      /29990103000000_changed was changed after it was applied/,
    );
  });

  it("refuses to go on where Prisma's own engine stopped half-way", async () => {
    await database().execute(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'c', '29990104000000_begun')",
    );
    await expect(migrate(database(), [file("29990104000000_begun", "SELECT 1;")])).rejects.toThrow(
      /begun and never finished/,
    );
  });
});
