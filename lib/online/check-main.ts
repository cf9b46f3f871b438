/**
 * Reads every row of the online store whose folder is the argument, in a process of its own: LMDB trusts what it maps into memory, and a
 * damaged page may end whoever reads it. Exit code 0 when all is well; what is wrong goes to the standard error.
 */
import { LmdbStore } from "./lmdb-store";

try {
  const store = LmdbStore.openToCheck(process.argv[2] ?? "");
  store.assertWhole();
  process.exit(0);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
