/** What the process knows of the thread that works off its jobs. */
export interface JobsState {
  state: "running" | "restarting";
  /** Why it ended last; null while it never did. */
  reason: string | null;
}

const holder = globalThis as typeof globalThis & { tributaryJobs?: JobsState };

/** Null in a process that leaves jobs to others. */
export function jobsState(): JobsState | null {
  return holder.tributaryJobs ?? null;
}

export function recordJobsState(state: JobsState): void {
  holder.tributaryJobs = state;
}
