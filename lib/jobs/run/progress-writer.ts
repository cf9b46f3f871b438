import type { RunControl } from "@/lib/domain/runs/run-control";
import type { ClaimedRun } from "@/lib/registry/execution/claims";
import { recordProgress, type RunProgress } from "@/lib/registry/execution/record-progress";

/** At most two writes a second, however often the engine reports. */
const WRITE_EVERY_MS = 500;
/** The sign of life, also when there is nothing new to say. */
const HEARTBEAT_EVERY_MS = 2000;

type Level = Parameters<RunControl["log"]>[0];

/**
 * Carries what the engine reports into the registry, and what the registry says back: `signal` aborts when somebody asks
 * to cancel (reason `cancel`), when another worker took the run (`lost`), or when `abort` is called.
 */
export class ProgressWriter implements RunControl {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly stages = new Map<string, "running" | "done">();
  private readonly figures = new Map<string, Parameters<NonNullable<RunControl["stage"]>>[0]>();
  private changed = new Set<string>();
  private lines: RunProgress["lines"][number][] = [];
  private progressed: RunProgress["step"] = null;
  private running: string | null = null;
  /** By the process's own time, which nobody sets back. */
  private writtenAt = -Infinity;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly run: Pick<ClaimedRun, "id" | "attempt">,
    private readonly onProgress?: (progress: number, message: string) => void,
  ) {
    this.timer = setInterval(() => void this.flush(), WRITE_EVERY_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason: "cancel" | "lost" | "shutdown"): void {
    this.controller.abort(reason);
  }

  progress({ done, total, instance, message }: Parameters<RunControl["progress"]>[0]): void {
    // The last step is recording, which the engine does not see.
    const progress = Math.min(0.99, total > 0 ? done / total : 0);
    this.progressed = { progress, message };
    this.onProgress?.(progress, message);
    if (instance === this.running) return;
    if (this.running !== null) this.mark(this.running, "done");
    this.running = instance;
    if (instance !== null) this.mark(instance, "running");
  }

  stage(done: Parameters<NonNullable<RunControl["stage"]>>[0]): void {
    this.figures.set(done.instance, done);
    this.mark(done.instance, "done");
    if (this.running === done.instance) this.running = null;
  }

  log(level: Level, message: string): void {
    this.lines.push({ level, message, at: new Date() });
  }

  /** Writes what is left and stops reporting. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private mark(instance: string, state: "running" | "done"): void {
    this.stages.set(instance, state);
    this.changed.add(instance);
  }

  /** One write after the other; a failing write (the database is away for a moment) is tried again by the next. */
  private flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write()).catch(() => undefined);
    return this.writing;
  }

  private async write(): Promise<void> {
    const isNew = this.progressed !== null || this.lines.length > 0 || this.changed.size > 0;
    if (!isNew && performance.now() - this.writtenAt < HEARTBEAT_EVERY_MS) return;
    const { progressed, lines, changed } = this;
    this.progressed = null;
    this.lines = [];
    this.changed = new Set();
    try {
      await this.send(progressed, lines, changed);
      this.writtenAt = performance.now();
    } catch (error) {
      this.progressed ??= progressed;
      this.lines = [...lines, ...this.lines];
      this.changed = new Set([...changed, ...this.changed]);
      throw error;
    }
  }

  private async send(step: RunProgress["step"], lines: RunProgress["lines"], changed: Set<string>): Promise<void> {
    const stages = new Map(
      [...changed].flatMap((instance) => {
        const state = this.stages.get(instance);
        return state ? [[instance, { state, figures: this.figures.get(instance) }] as const] : [];
      }),
    );
    const said = await recordProgress(this.run, { step, lines, stages });
    if (said !== "held") this.controller.abort(said);
  }
}
