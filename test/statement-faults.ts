/** Statements of the embedded database as a test sees them, and faults at one of its choosing: at the port that they go through. */
import { MessagePort, type Worker } from "node:worker_threads";

/** What happens instead of the statement: true when it is to go its way after all. */
type Fault = (op: string) => boolean;

/** A statement, or the begin, commit or rollback of a transaction, as it was sent. */
export interface SentStatement {
  op: string;
  sql: string;
  /** That travel in its values, as JSON. */
  rows: number;
  /** Null outside a transaction. */
  transaction: number | null;
}

let counted = 0;
let record: SentStatement[] | null = null;
let fault: { at: number; happen: Fault } | null = null;
const threads: Worker[] = [];

const send = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (this: MessagePort, ...args: Parameters<typeof send>) {
  const op = (args[0] as { op?: string } | null)?.op;
  if (op !== undefined) record?.push(sentStatement(op, args[0] as SentMessage));
  // The rollback is what is left to do after a fault.
  if (op === undefined || op === "rollback") return send.apply(this, args);
  counted += 1;
  if (fault && counted === fault.at) {
    const { happen } = fault;
    fault = null;
    if (!happen(op)) return;
  }
  return send.apply(this, args);
};
const builtin = process.getBuiltinModule("node:worker_threads");
const Original = builtin.Worker;
builtin.Worker = class extends Original {
  constructor(...args: ConstructorParameters<typeof Original>) {
    super(...args);
    threads.push(this);
  }
};

interface SentMessage {
  sql?: string;
  values?: unknown[];
  transaction?: number;
}

function sentStatement(op: string, { sql = "", values = [], transaction }: SentMessage): SentStatement {
  const rowsIn = (value: unknown): number =>
    typeof value === "string" && value.startsWith("[{") ? (JSON.parse(value) as unknown[]).length : 0;
  return { op, sql, rows: Math.max(0, ...values.map(rowsIn)), transaction: transaction ?? null };
}

/** The statements that are sent while the work is done, by everybody, in order. */
export async function sentStatements(work: () => Promise<unknown>): Promise<SentStatement[]> {
  const sent: SentStatement[] = (record = []);
  try {
    await work();
  } finally {
    record = null;
  }
  return sent;
}

/** How many statements the work sends, transactions' begins and commits included. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const before = counted;
  await work();
  return counted - before;
}

async function withFault<Answer>(at: number, happen: Fault, work: () => Promise<Answer>): Promise<Answer> {
  fault = { at: counted + at, happen };
  try {
    return await work();
  } finally {
    fault = null;
  }
}

/** Does the work with an error in place of its `at`th statement, from 1. A commit goes through: it fails in the database or not at all. */
export const failingAt = <Answer>(at: number, work: () => Promise<Answer>): Promise<Answer> =>
  withFault(
    at,
    (op) => {
      if (op !== "commit") throw new Error(`The fault of statement ${at}.`);
      return true;
    },
    work,
  );

/** Does the work and kills the database's thread, in the middle of whatever it does, when it is sent the `at`th statement. */
export const dyingAt = <Answer>(at: number, work: () => Promise<Answer>): Promise<Answer> =>
  withFault(
    at,
    () => {
      void threads.at(-1)?.terminate();
      return true;
    },
    work,
  );

/** Does the work until its `at`th statement, which is never sent: `then` is called, and the work waits for ever. */
export const stoppingAt = <Answer>(at: number, then: () => void, work: () => Promise<Answer>): Promise<Answer> =>
  withFault(
    at,
    () => {
      then();
      return false;
    },
    work,
  );
