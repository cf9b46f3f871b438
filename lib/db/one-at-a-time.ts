import type { SqlDriverAdapterFactory, SqlQueryable } from "@prisma/driver-adapter-utils";

/**
 * The adapter with the statements of a transaction one after the other. A transaction has one connection, but Prisma starts the
 * relations that a query includes together, as does whoever awaits several queries of a transaction at once; the driver has them
 * wait for each other and says that it will not any more.
 */
export function withOneAtATime<Factory extends SqlDriverAdapterFactory>(factory: Factory): Factory {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => queueStatements(await start(level));
    return adapter;
  };
  return factory;
}

function queueStatements<Queried extends SqlQueryable>(queryable: Queried): Queried {
  const query = queryable.queryRaw.bind(queryable);
  const execute = queryable.executeRaw.bind(queryable);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = last.then(run);
    // The next statement runs whatever became of this one; whoever started this one learns of it.
    last = result.catch(() => undefined);
    return result;
  };
  queryable.queryRaw = (params) => inTurn(() => query(params));
  queryable.executeRaw = (params) => inTurn(() => execute(params));
  return queryable;
}
