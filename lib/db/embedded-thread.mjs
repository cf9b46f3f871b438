/**
 * The thread that runs the embedded database, so that a long query stops no event loop. It is plain JavaScript because it is
 * started by path, from bundled and unbundled code alike.
 *
 * Every port that it is given is a session: `{id, op, …}` is answered by `{id, result}` or `{id, error}`. Postgres has one
 * connection here, so sessions wait for each other's transactions, which PGlite's own locks see to. What a session leaves
 * open when its port closes is rolled back.
 */
import { Blob } from "node:buffer";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import { messages, PGlite } from "@electric-sql/pglite";

const asText = (text) => text;
// What one thread of a process has compiled is the next one's too.
const pgliteWasmModule = workerData.program ?? (await compileProgram());
let database = await open().catch((error) => {
  parentPort.postMessage({ failed: plainError(error) });
  process.exit(0);
});

parentPort.on("message", async (message) => {
  if (message.connect) serve(message.connect);
  if (message.close) {
    await database.close().catch(() => undefined);
    parentPort.postMessage({ closed: true });
    parentPort.close();
  }
});
parentPort.postMessage({ program: pgliteWasmModule });

async function compileProgram() {
  const file = createRequire(import.meta.url).resolve("@electric-sql/pglite/pglite.wasm");
  return WebAssembly.compile(await readFile(file));
}

async function open() {
  const { dataDir, snapshot } = workerData;
  const program = { pgliteWasmModule };
  if (dataDir !== null) return PGlite.create({ ...program, dataDir });
  return PGlite.create({ ...program, ...(snapshot !== null && { loadDataDir: new Blob([await readFile(snapshot)]) }) });
}

function serve(port) {
  const transactions = new Map();
  const session = { transactions, isOpen: true };
  port.on("message", async (message) => {
    try {
      port.postMessage({ id: message.id, result: await answer(message, session) });
    } catch (error) {
      port.postMessage({ id: message.id, error: plainError(error) });
      if (!(error instanceof messages.DatabaseError)) await reopenIfBroken();
    }
  });
  port.once("close", () => {
    session.isOpen = false;
    for (const transaction of transactions.values()) transaction.end("rollback");
  });
}

async function answer({ op, sql, values, rowMode, textOf, transaction: number }, session) {
  const { transactions } = session;
  switch (op) {
    case "query":
    case "exec": {
      const held = number === undefined ? undefined : transactions.get(number);
      if (number !== undefined && !held) throw new Error("The transaction has ended.");
      const target = held ? held.tx : database;
      // The caller parses these types itself; functions cannot travel.
      const parsers = textOf && Object.fromEntries(textOf.map((type) => [type, asText]));
      const work =
        op === "exec" ? target.exec(sql) : target.query(sql, values, { rowMode, ...(parsers && { parsers }) });
      // Statements that begin a transaction of their own and fail in it would leave everybody's next statement in it.
      return held ? work : work.catch((error) => endAborted().then(() => Promise.reject(error)));
    }
    case "begin":
      return begin(number, session);
    case "commit":
    case "rollback": {
      const held = transactions.get(number);
      if (!held) throw new Error("The transaction has ended.");
      transactions.delete(number);
      held.end(op);
      return held.ended;
    }
  }
}

/** Where no transaction is open this does nothing. */
const endAborted = () => database.exec("ROLLBACK").catch(() => undefined);

/** Resolves once the transaction has begun, which may have to wait for another. */
function begin(number, session) {
  return new Promise((resolve, reject) => {
    const held = { tx: null, end: null, ended: null };
    held.ended = database.transaction(async (tx) => {
      held.tx = tx;
      const how = await new Promise((end) => {
        held.end = end;
        session.transactions.set(number, held);
        resolve(undefined);
        // Whoever asked for it went away while it waited.
        if (!session.isOpen) end("rollback");
      });
      if (how === "rollback") await tx.rollback();
    });
    held.ended.catch(reject);
  });
}

let reopening = null;

/** A full disk makes Postgres stop in the middle. Its log is whole, so that it is opened again as after a power cut. */
async function reopenIfBroken() {
  reopening ??= (async () => {
    const answers = await database.query("SELECT 1").then(
      () => true,
      (error) => error instanceof messages.DatabaseError,
    );
    if (answers || workerData.dataDir === null) return;
    try {
      database = await open();
    } catch {
      // Tried again with the next request.
    }
  })().finally(() => (reopening = null));
  await reopening;
}

/** Structured clones of errors lose their class and members. */
function plainError(error) {
  const members = error && typeof error === "object" ? Object.entries(error) : [];
  return {
    message: String(error?.message ?? error),
    isDatabaseError: error instanceof messages.DatabaseError,
    members: Object.fromEntries(members.filter(([, value]) => typeof value === "string" || typeof value === "number")),
  };
}
