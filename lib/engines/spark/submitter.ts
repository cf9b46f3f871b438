/** How a driver is started on a Spark, wherever that is. The plan's folder is one that both sides can read and write. */

export interface DriverJob {
  /** Of the plan's JSON. */
  plan: string;
  /** A folder for what the submission itself leaves, such as its output. */
  folder: string;
  /** What people call it on Spark's own pages. */
  name: string;
}

/** How a driver's process or batch ended. */
export interface DriverEnd {
  /** In words: `exit code 1`, `signal SIGKILL`. */
  how: string;
  ok: boolean;
  /** The end of what it printed, which only a person reads. */
  output: string;
}

interface SubmittedDriver {
  /** Resolves when nothing of it runs any more; never rejects. */
  readonly ended: Promise<DriverEnd>;
  /** Asks it to end, and ends it when it does not. Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface Submitter {
  /** Throws `unavailable` when nothing could be started. */
  submit(job: DriverJob): Promise<SubmittedDriver>;
}
