import { loadServingStates, servingRevision, type ServingState } from "@/lib/registry/serving/state";

/** A promotion takes effect on every process within a second: half of that is how long a state may go unchecked. */
const CHECK_EVERY_MS = 500;

interface Held {
  revision: string;
  states: Map<string, ServingState>;
  checkedAt: number;
}

/** Serving states of this process, reloaded when the registry's revision moves. Requests that meet a check wait for it together. */
class ServingStates {
  private held: Held | null = null;
  private checking: Promise<Held> | null = null;

  constructor(private readonly which: "online" | "all" = "online") {}

  /** @param now milliseconds of the process's own time: by a clock that is set back, nothing would be checked until it has caught up */
  async current(now: number = performance.now()): Promise<Map<string, ServingState>> {
    if (this.held && now - this.held.checkedAt < CHECK_EVERY_MS) return this.held.states;
    this.checking ??= this.check(now).finally(() => (this.checking = null));
    return (await this.checking).states;
  }

  private async check(now: number): Promise<Held> {
    const revision = await servingRevision();
    const states = this.held?.revision === revision ? this.held.states : await loadServingStates(this.which);
    return (this.held = { revision, states, checkedAt: now });
  }
}

/** Those of this process. */
export const servingStates = new ServingStates();

/** The same with views that are not online, for what is read from files. */
export const historyStates = new ServingStates("all");
