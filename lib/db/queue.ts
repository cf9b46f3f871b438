import PgBoss from "pg-boss";
import { type Database, database, type Transaction } from "./client";

/**
 * The durable queue: pg-boss on the registry's own database, so that a job and the rows it is about appear together or
 * not at all. A job only wakes a worker up; what is to be done, and whether it still is, stands in the registry's rows.
 */
export interface Jobs {
  run: { runId: string };
  materialise: { runId: string; viewId: string };
  evaluate: { testId: string };
  /** Monitors without a schedule look at what a run profiled; with an id, one monitor looks over the history that was asked for. */
  look: { workspaceId: string; lookId?: string };
  /** A concept monitor joins predictions with what came of them. */
  "look-at-outcomes": { monitorId: string };
  "check-rules": { workspaceId: string; dataset: string; requestedBy: string };
  /** Values of a view online are compared with those offline. */
  "check-skew": { viewId: string; environment: string; requestedBy: string };
  /** A dataset version of a source is new. */
  "profile-source": { workspaceId: string; source: string };
}
export type QueueName = keyof Jobs;

export interface Job<Name extends QueueName> {
  id: string;
  data: Jobs[Name];
}

const QUEUES: Record<QueueName, PgBoss.Queue> = {
  // A dead worker's run is queued again by its heartbeat, long before the job itself would expire.
  run: { name: "run", retryLimit: 0, expireInHours: 23 },
  materialise: { name: "materialise", retryLimit: 3, retryDelay: 5, expireInMinutes: 10 },
  evaluate: { name: "evaluate", retryLimit: 3, retryDelay: 5, expireInMinutes: 10 },
  look: { name: "look", retryLimit: 3, retryDelay: 5, expireInMinutes: 10 },
  "look-at-outcomes": { name: "look-at-outcomes", retryLimit: 3, retryDelay: 5, expireInMinutes: 30 },
  "check-rules": { name: "check-rules", retryLimit: 2, retryDelay: 5, expireInMinutes: 30 },
  "check-skew": { name: "check-skew", retryLimit: 2, retryDelay: 5, expireInMinutes: 10 },
  "profile-source": { name: "profile-source", retryLimit: 1, retryDelay: 60, expireInHours: 2 },
};

/** Any fixed number: processes that start at once create the queue's tables once. */
const CREATE_LOCK = 7_105_223;

const holder = globalThis as typeof globalThis & { tributaryQueues?: WeakMap<Database, Promise<PgBoss>> };

/** Creates the queue's tables where they are missing. Later calls on the same database return at once. */
export async function openQueue(): Promise<void> {
  await boss();
}

function boss(): Promise<PgBoss> {
  const opened = database();
  const queues = (holder.tributaryQueues ??= new WeakMap<Database, Promise<PgBoss>>());
  let queue = queues.get(opened);
  if (!queue) {
    queue = create(opened);
    queues.set(opened, queue);
    queue.catch(() => queues.delete(opened));
  }
  return queue;
}

async function create(opened: Database): Promise<PgBoss> {
  const { rows } = await opened.execute("SELECT to_regclass('pgboss.version') AS name");
  if (!rows[0]?.name) await createTables(opened);
  const boss = new PgBoss({
    db: { executeSql: (sql, values) => opened.execute(sql, values) },
    schedule: false,
    // Maintenance is called by the worker: a web process has no need to.
    supervise: false,
  });
  boss.on("error", () => undefined);
  await boss.start();
  for (const queue of Object.values(QUEUES)) await boss.createQueue(queue.name, queue);
  return boss;
}

/** One simple query is one transaction: when another process was quicker, the guard raises and nothing is applied. */
async function createTables(opened: Database): Promise<void> {
  const guard = `DO $guard$ BEGIN IF to_regclass('pgboss.version') IS NOT NULL THEN RAISE EXCEPTION 'already_created'; END IF; END $guard$;`;
  const plans = PgBoss.getConstructionPlans().replace(/^\s*(BEGIN|COMMIT);\s*$/gm, "");
  try {
    await opened.execute(`SELECT pg_advisory_xact_lock(${CREATE_LOCK}); ${guard}\n${plans}`);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("already_created"))) throw error;
  }
}

/** Adds a job inside a transaction. Await `openQueue()` before the transaction begins: the embedded database has one connection. */
export async function enqueue<Name extends QueueName>(
  tx: Transaction,
  name: Name,
  data: Jobs[Name],
  options: { startAfterSeconds?: number } = {},
): Promise<void> {
  const opened = await boss();
  await opened.send(name, data, {
    db: within(tx),
    ...(options.startAfterSeconds && { startAfter: options.startAfterSeconds }),
  });
}

/** Adds jobs as `enqueue` does, all by one statement. */
export async function enqueueAll<Name extends QueueName>(
  tx: Transaction,
  name: Name,
  jobs: readonly Jobs[Name][],
): Promise<void> {
  if (jobs.length === 0) return;
  const opened = await boss();
  await opened.insert(
    jobs.map((data) => ({ name, data })),
    { db: within(tx) },
  );
}

function within(tx: Transaction): PgBoss.Db {
  return { executeSql: async (sql, values) => ({ rows: await tx.$queryRawUnsafe<unknown[]>(sql, ...values) }) };
}

/** Takes the oldest waiting job, or null. It stays this worker's until it is finished, released or expires. */
export async function takeJob<Name extends QueueName>(name: Name): Promise<Job<Name> | null> {
  const opened = await boss();
  const [job] = await opened.fetch<Jobs[Name]>(name);
  return job ? { id: job.id, data: job.data } : null;
}

export async function finishJob(name: QueueName, id: string): Promise<void> {
  const opened = await boss();
  await opened.deleteJob(name, id);
}

/** Gives a job back: it is tried again after its queue's delay, as often as its queue allows. */
export async function releaseJob(name: QueueName, id: string, reason: string): Promise<void> {
  const opened = await boss();
  await opened.fail(name, id, { reason });
}

/** Expires jobs of workers that never came back, and clears what ended long ago. */
export async function maintainQueue(): Promise<void> {
  const opened = await boss();
  await opened.maintain();
}

/** Gives back what a dead process of the embedded database had taken. Only for a database that belongs to one process. */
export async function releaseAbandonedJobs(): Promise<void> {
  await boss();
  await database().execute("UPDATE pgboss.job SET state = 'created', started_on = NULL WHERE state = 'active'");
}
