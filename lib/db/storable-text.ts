/**
 * Postgres keeps no NUL in a text. Messages quote what files and libraries say, so that one would keep a run from ever being marked
 * failed: here, where every value passes on its way to the database, NUL becomes the character that shows it.
 */
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from "@prisma/driver-adapter-utils";

const SHOWN = "\u2400";
/** In the text of JSON a NUL is an escape, unless its backslash is itself escaped. */
const IN_JSON = /(?<!\\)((?:\\\\)*)\\u0000/g;

export function storableText(text: string, isJson = false): string {
  const shown = text.includes("\0") ? text.replaceAll("\0", SHOWN) : text;
  return isJson && shown.includes("\\u0000") ? shown.replace(IN_JSON, `$1${SHOWN}`) : shown;
}

function storable(value: unknown, isJson: boolean): unknown {
  if (typeof value === "string") return storableText(value, isJson);
  return Array.isArray(value) ? value.map((item: unknown) => storable(item, isJson)) : value;
}

const storableQuery = ({ sql, args, argTypes }: SqlQuery): SqlQuery => ({
  sql,
  args: args.map((value, i) => storable(value, argTypes[i]?.scalarType === "json")),
  argTypes,
});

/** The adapter with storable values in every query, transactions included. */
export function withStorableText<Factory extends SqlDriverAdapterFactory>(factory: Factory): Factory {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter: SqlDriverAdapter = await connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => keepStorable(await start(level));
    return keepStorable(adapter);
  };
  return factory;
}

function keepStorable<Queried extends SqlQueryable>(queryable: Queried): Queried {
  const query = queryable.queryRaw.bind(queryable);
  const execute = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (params) => query(storableQuery(params));
  queryable.executeRaw = (params) => execute(storableQuery(params));
  return queryable;
}
