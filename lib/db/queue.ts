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
  /** Monitors without a schedule are evaluated on what a run profiled. */
  "evaluate-monitors": { workspaceId: string };
  /** A monitor is evaluated over the history that was asked for. */
  backtest: { backtestId: string };
  /** A concept monitor joins predictions with what came of them. */
  "evaluate-outcomes": { monitorId: string };
  "check-rules": { workspaceId: string; dataset: string; requestedBy: string };
  /** Values of a view online are compared with those offline. */
  "check-skew": { viewId: string; environment: string; requestedBy: string };
  /** A run or a training dataset is done again. */
  reproduce: { reproductionId: string };
  /** A model version is judged again as it was fitted. */
  "evaluate-version": { evaluationId: string };
  /** Units that fits share with a model version's test rows are counted. */
  "measure-leakage": { measurementId: string };
  /** What is kept of the units of the rows that a model version was fitted and tested on. */
  "sketch-units": { modelVersionId: string };
  /** A dataset version of a source is new. */
  "profile-source": {
    workspaceId: string;
    source: string;
    /** Whether a table is copied again, of which there may be new rows. */ again?: boolean;
  };
}
export type QueueName = keyof Jobs;

export interface Job<Name extends QueueName> {
  id: string;
  data: Jobs[Name];
  /** How often it failed before, and how often it may be tried again. */
  attempt: JobAttempt;
}

export interface JobAttempt {
  isFirst: boolean;
  isLast: boolean;
}

/**
 * Which jobs of a queue are the same: one whose key waits already is not queued again. Every job of a queue without keys is kept.
 */
const KEYS: { [Name in QueueName]?: (data: Jobs[Name]) => string } = {
  run: ({ runId }) => runId,
  reproduce: ({ reproductionId }) => reproductionId,
  "evaluate-version": ({ evaluationId }) => evaluationId,
  "measure-leakage": ({ measurementId }) => measurementId,
  "sketch-units": ({ modelVersionId }) => modelVersionId,
  "evaluate-outcomes": ({ monitorId }) => monitorId,
  "check-skew": ({ viewId, environment }) => `${viewId}/${environment}`,
  "profile-source": ({ workspaceId, source, again }) => `${workspaceId}/${source}${again ? "/again" : ""}`,
};

const QUEUES: Record<QueueName, PgBoss.Queue> = {
  // A dead worker's run is queued again by its heartbeat, long before the job itself would expire.
  run: { name: "run", retryLimit: 0, expireInHours: 23 },
  // Twice as long is waited every time, for a day in all: a full disk is seen to by a person.
  materialise: { name: "materialise", retryLimit: 14, retryDelay: 5, retryBackoff: true, expireInMinutes: 10 },
  evaluate: { name: "evaluate", retryLimit: 3, retryDelay: 5, expireInMinutes: 10 },
  "evaluate-monitors": { name: "evaluate-monitors", retryLimit: 3, retryDelay: 5, expireInMinutes: 10 },
  backtest: { name: "backtest", retryLimit: 3, retryDelay: 5, expireInMinutes: 10 },
  "evaluate-outcomes": { name: "evaluate-outcomes", retryLimit: 3, retryDelay: 5, expireInMinutes: 30 },
  "check-rules": { name: "check-rules", retryLimit: 2, retryDelay: 5, expireInMinutes: 30 },
  "check-skew": { name: "check-skew", retryLimit: 2, retryDelay: 5, expireInMinutes: 10 },
  reproduce: { name: "reproduce", retryLimit: 2, retryDelay: 30, expireInHours: 23 },
  "evaluate-version": { name: "evaluate-version", retryLimit: 1, retryDelay: 5, expireInHours: 23 },
  "measure-leakage": { name: "measure-leakage", retryLimit: 1, retryDelay: 5, expireInHours: 23 },
  "sketch-units": { name: "sketch-units", retryLimit: 1, retryDelay: 60, expireInHours: 2 },
  "profile-source": { name: "profile-source", retryLimit: 1, retryDelay: 60, expireInHours: 2 },
};

/** pg-boss's policy by which one job of a key waits at a time, while any number of them run or are tried again. */
const policyOf = (name: QueueName): PgBoss.QueuePolicy => (KEYS[name] ? "short" : "standard");

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
  const boss = new PgBoss({
    db: { executeSql: (sql, values) => opened.execute(sql, values) },
    schedule: false,
    // Maintenance is called by the worker: a web process has no need to.
    supervise: false,
  });
  boss.on("error", () => undefined);
  // pg-boss would create its tables itself, in a way that leaves a failed transaction behind when two processes start at once.
  if (!(await boss.isInstalled())) await createTables(opened);
  await boss.start();
  const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  for (const queue of Object.values(QUEUES)) {
    const name = queue.name as QueueName;
    const declared = { ...queue, policy: policyOf(name) };
    const there = known.get(name);
    if (!there) await boss.createQueue(name, declared);
    // An installation of before: what waits there stays as it is.
    else if (there.policy !== declared.policy || there.retryLimit !== declared.retryLimit)
      await boss.updateQueue(name, declared);
  }
  await moveRenamed(opened);
  return boss;
}

/**
 * Moves what waits in queues of before they were renamed. The queues stay: a process of the version before may still write to
 * them. A moved job has no policy, so that another of its key may wait beside it: evaluating twice changes nothing.
 */
async function moveRenamed(opened: Database): Promise<void> {
  await opened.execute(`
    UPDATE pgboss.job SET
      name = CASE WHEN name = 'look-at-outcomes' THEN 'evaluate-outcomes'
        WHEN data ? 'lookId' THEN 'backtest' ELSE 'evaluate-monitors' END,
      data = CASE WHEN data ? 'lookId' THEN jsonb_build_object('backtestId', data -> 'lookId') ELSE data END,
      policy = NULL
    WHERE name IN ('look', 'look-at-outcomes') AND state IN ('created', 'retry')`);
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

/**
 * Adds a job inside a transaction, unless one of its key waits already: that one will see what the transaction writes. Await
 * `openQueue()` before the transaction begins: the embedded database has one connection.
 * @returns whether it was added
 */
export async function enqueue<Name extends QueueName>(
  tx: Transaction,
  name: Name,
  data: Jobs[Name],
  options: { startAfterSeconds?: number } = {},
): Promise<boolean> {
  const singletonKey = KEYS[name]?.(data);
  if (singletonKey !== undefined) await holdBack(tx, name, [singletonKey]);
  const opened = await boss();
  const id = await opened.send(name, data, {
    db: inside(tx),
    ...(singletonKey !== undefined && { singletonKey }),
    ...(options.startAfterSeconds && { startAfter: options.startAfterSeconds }),
  });
  return id !== null;
}

/** The same of many jobs of one queue. */
export async function enqueueAll<Name extends QueueName>(
  tx: Transaction,
  name: Name,
  jobs: readonly Jobs[Name][],
): Promise<void> {
  if (jobs.length === 0) return;
  const keyOf = KEYS[name];
  if (keyOf) await holdBack(tx, name, jobs.map(keyOf));
  const opened = await boss();
  await opened.insert(
    jobs.map((data) => ({ name, data, ...(keyOf && { singletonKey: keyOf(data) }) })),
    { db: inside(tx) },
  );
}

const inside = (tx: Transaction): PgBoss.Db => ({
  executeSql: async (sql, values) => ({ rows: await tx.$queryRawUnsafe<unknown[]>(sql, ...values) }),
});

/** A waiting job of these keys may be taken, but is not worked on until the transaction has ended: `takeJob` waits for it. */
async function holdBack(tx: Transaction, name: QueueName, keys: readonly string[]): Promise<void> {
  const locks = keys.map((key) => lockOf(name, key));
  await tx.$queryRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(l, 0))::text FROM unnest(${locks}::text[]) AS l`;
}

const lockOf = (name: QueueName, key: string) => `job:${name}:${key}`;

/** Takes the oldest waiting job, or null. It stays this worker's until it is finished, released or expires. */
export async function takeJob<Name extends QueueName>(name: Name): Promise<Job<Name> | null> {
  const opened = await boss();
  const [job] = await opened.fetch<Jobs[Name]>(name, { includeMetadata: true });
  if (!job) return null;
  const key = KEYS[name]?.(job.data);
  if (key !== undefined)
    await database().execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [lockOf(name, key)]);
  const { id, data, retryCount, retryLimit } = job;
  return { id, data, attempt: { isFirst: retryCount === 0, isLast: retryCount >= retryLimit } };
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

/** Expires jobs of workers that never came back, clears what ended long ago, and offers what was queued before a clock was set back. */
export async function maintainQueue(): Promise<void> {
  const opened = await boss();
  await opened.maintain();
  await offerJobsOfTheFuture();
  await moveRenamed(database());
}

/** A job that was queued later than now would wait until the clock, which was set back, has caught up. */
export async function offerJobsOfTheFuture(): Promise<void> {
  await boss();
  await database().execute(
    "UPDATE pgboss.job SET start_after = now(), created_on = now() WHERE state IN ('created', 'retry') AND created_on > now() + interval '1 minute'",
  );
}

/**
 * Gives back what a dead process of the embedded database had taken. Only for a database that belongs to one process. A
 * statement on pg-boss's tables, because its functions take the ids of jobs, and none says which are active.
 */
export async function releaseAbandonedJobs(): Promise<void> {
  await boss();
  // As a job that is tried again: another of its key may wait by now.
  await database().execute("UPDATE pgboss.job SET state = 'retry', started_on = NULL WHERE state = 'active'");
}
