import type { PGlite } from "@electric-sql/pglite";
import { DriverAdapterError, type SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";
import type { EmbeddedDoor, EmbeddedTransaction } from "./embedded-door";

/**
 * Prisma's adapter of PGlite on a door. The published one says that a transaction is committed when its COMMIT failed (a full
 * disk, a deferred constraint); here that is an error.
 */
export class EmbeddedAdapterFactory extends PrismaPGlite {
  constructor(private readonly door: EmbeddedDoor) {
    // The adapter calls query, exec and transaction, which a door has.
    super(door as unknown as PGlite);
  }

  override async connect(): Promise<Awaited<ReturnType<PrismaPGlite["connect"]>>> {
    const adapter = await super.connect();
    const begin = adapter.startTransaction.bind(adapter) as SqlDriverAdapter["startTransaction"];
    const startTransaction: SqlDriverAdapter["startTransaction"] = async (isolation) => {
      const transaction = await begin(isolation);
      const commit = transaction.commit.bind(transaction);
      transaction.commit = async () => {
        await commit();
        // The adapter's transaction keeps the door's; the package declares it private.
        const { failure } = (transaction as unknown as { client: EmbeddedTransaction }).client;
        if (failure) throw toDriverError(failure);
      };
      return transaction;
    };
    return Object.assign(adapter, { startTransaction });
  }
}

function toDriverError(error: Error & { code?: string; severity?: string; detail?: string }): Error {
  const { code, message, severity, detail } = error;
  if (code === undefined) return error;
  return new DriverAdapterError({
    kind: "postgres",
    code,
    severity: severity ?? "ERROR",
    message,
    detail,
    column: undefined,
    hint: undefined,
  });
}
