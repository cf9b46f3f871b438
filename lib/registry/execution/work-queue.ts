import { database } from "@/lib/db/client";
import {
  finishJob,
  type JobAttempt,
  type Jobs,
  offerJobsOfTheFuture,
  openQueue,
  type QueueName,
  releaseAbandonedJobs,
  releaseJob,
  takeJob,
} from "@/lib/db/queue";
import { reapRuns } from "./claims";

export { type JobAttempt, type Jobs, maintainQueue, type QueueName } from "@/lib/db/queue";

/**
 * What a worker does before it takes its first job: whatever a dead process of the embedded database had begun begins again.
 * @returns whether no other worker can be alive, and how many runs begin again
 */
export async function openWorkQueue(): Promise<{ alone: boolean; begun: number }> {
  await openQueue();
  await offerJobsOfTheFuture();
  // The embedded database belongs to this process, so whatever was running belongs to a dead one.
  const alone = database().kind === "embedded";
  if (alone) await releaseAbandonedJobs();
  return { alone, begun: await reapRuns({ everyRunning: alone }) };
}

/**
 * Takes the oldest job of a queue and works it off. A failure gives it back, to be tried as often as its queue allows.
 * @param onFailure told of what `work` rejected with, before the job is given back
 * @returns whether there was one
 */
export async function workOffOldest<Name extends QueueName>(
  name: Name,
  work: (data: Jobs[Name]) => Promise<unknown>,
  onFailure: (data: Jobs[Name], error: unknown, attempt: JobAttempt) => Promise<unknown>,
): Promise<boolean> {
  const job = await takeJob(name);
  if (!job) return false;
  try {
    await work(job.data);
    await finishJob(name, job.id);
  } catch (error) {
    await onFailure(job.data, error, job.attempt);
    await releaseJob(name, job.id, error instanceof Error ? error.message : String(error));
  }
  return true;
}
