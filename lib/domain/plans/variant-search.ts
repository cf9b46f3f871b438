import type { PlanProblem } from "./plan-problem";
import type { WorkBudget } from "./work-budget";

/** What the search knows of a stage on the way it is on. */
const OPEN = 0;
export const INCLUDED = 1;
export const EXCLUDED = 2;

const NEED = 0;
const INCLUDE = 1;
const EXCLUDE = 2;

/** Kinds of trail entries. */
const NEEDED = 0;
const STAGE_INCLUDED = 1;
const STAGE_EXCLUDED = 2;
const LOST = 3;

/**
 * All variants of a problem, one after the other, in declaration order: needed columns are decided first come, first
 * served, the requested ones first, each trying its producers as declared.
 *
 * Invariants after every propagation without conflict:
 * - a needed column has either one included writer and all others excluded, or no included writer and two or more live producers;
 * - a live stage reads no lost column, and a lost column has no live producer that does not run in a circle;
 * - `support` leads every column that is not lost back to the sources without a circle.
 * So a needed column whose choice would close a cycle, or make another needed column underivable, is a conflict at once,
 * and no separate test for cycles is needed: the choices made are the only producers left of their columns.
 * The supports are the source pointers of Simons, Niemelä and Soininen, "Extending and implementing the stable model
 * semantics", Artif. Intell. 138, 2002; they make the test cost what changed rather than what there is. Going back need
 * not restore them: what held with fewer stages holds with more, and columns that had been lost still lean on the rest.
 */
export class VariantSearch {
  readonly stageState: Uint8Array;
  readonly isNeeded: Uint8Array;
  /** Column to its number of included writers. */
  readonly writerCount: Int32Array;

  private readonly liveProducers: Int32Array;
  private readonly support: Int32Array;
  private readonly isLost: Uint8Array;
  private readonly trail: number[] = [];
  private readonly tasks: number[] = [];
  private readonly unsupported: number[] = [];
  private readonly suspected: Uint8Array;

  private readonly queued: Uint8Array;
  private readonly queue: number[] = [];
  private head = 0;

  private readonly frames: { column: number; next: number; trail: number; head: number; queued: number }[] = [];
  private state: "new" | "ready" | "at variant" | "done" = "new";

  constructor(
    readonly problem: PlanProblem,
    private readonly budget: WorkBudget,
  ) {
    const { stageCount, columnCount, producers } = problem;
    this.stageState = new Uint8Array(stageCount);
    this.isNeeded = new Uint8Array(columnCount);
    this.writerCount = new Int32Array(columnCount);
    this.liveProducers = new Int32Array(columnCount);
    for (let column = 0; column < columnCount; column++) {
      this.liveProducers[column] = producers.start[column + 1]! - producers.start[column]!;
    }
    this.support = problem.support.slice();
    this.isLost = new Uint8Array(columnCount);
    this.suspected = new Uint8Array(columnCount);
    this.queued = new Uint8Array(columnCount);
  }

  /**
   * Draws the conclusions that hold in every variant; false when there is none. What it leaves in the public arrays is
   * what counting starts from. Called by `next` when the caller did not.
   * @throws BudgetExhausted
   */
  start(): boolean {
    for (const column of this.problem.requested) {
      this.tasks.push(column * 4 + NEED);
      this.enqueue(column);
    }
    const consistent = this.propagate();
    this.state = consistent ? "ready" : "done";
    return consistent;
  }

  /**
   * Moves to the next variant, whose stages `included` then tells; false when there is none left.
   * @param admits asked after every decision; its refusal abandons everything below that decision
   * @throws BudgetExhausted
   */
  next(admits: () => boolean = () => true): boolean {
    if (this.state === "new") this.start();
    if (this.state === "done") return false;
    let more = this.state === "ready" || this.decide(admits);
    while (more && this.advance()) more = this.decide(admits);
    this.state = more ? "at variant" : "done";
    return more;
  }

  /** Ids of the included stages, ascending. */
  included(): Int32Array {
    const stages: number[] = [];
    for (let stage = 0; stage < this.stageState.length; stage++) {
      if (this.stageState[stage] === INCLUDED) stages.push(stage);
    }
    return Int32Array.from(stages);
  }

  private enqueue(column: number): void {
    if (this.queued[column] === 1) return;
    this.queued[column] = 1;
    this.queue.push(column);
  }

  private enqueueInputs(stage: number): void {
    const { inputs } = this.problem;
    for (let i = inputs.start[stage]!; i < inputs.start[stage + 1]!; i++) this.enqueue(inputs.items[i]!);
  }

  /** Walks the queue up to a column with a choice and opens it; false when the queue is empty, which makes a variant. */
  private advance(): boolean {
    while (this.head < this.queue.length) {
      const column = this.queue[this.head++]!;
      this.budget.spend(1);
      if (this.writerCount[column] === 0) {
        this.frames.push({
          column,
          next: this.problem.producers.start[column]!,
          trail: this.trail.length,
          head: this.head,
          queued: this.queue.length,
        });
        return true;
      }
      this.enqueueInputs(this.writerOf(column));
    }
    return false;
  }

  /** Takes the next consistent producer of the innermost open column, closing columns that have no more. */
  private decide(admits: () => boolean): boolean {
    const { producers } = this.problem;
    while (this.frames.length > 0) {
      const frame = this.frames[this.frames.length - 1]!;
      this.undoTo(frame.trail);
      while (this.queue.length > frame.queued) this.queued[this.queue.pop()!] = 0;
      this.head = frame.head;
      const end = producers.start[frame.column + 1]!;
      while (frame.next < end) {
        const stage = producers.items[frame.next++]!;
        if (this.stageState[stage] === EXCLUDED) continue;
        this.budget.spend(1);
        this.tasks.push(stage * 4 + INCLUDE);
        if (this.propagate() && admits()) {
          this.enqueueInputs(stage);
          return true;
        }
        this.undoTo(frame.trail);
      }
      this.frames.pop();
    }
    return false;
  }

  private writerOf(column: number): number {
    const { writers } = this.problem;
    let i = writers.start[column]!;
    while (this.stageState[writers.items[i]!] !== INCLUDED) i++;
    return writers.items[i]!;
  }

  /** Runs all conclusions to their end; false, with nothing pending, at the first contradiction. */
  private propagate(): boolean {
    for (;;) {
      while (this.tasks.length > 0) {
        const task = this.tasks.pop()!;
        this.budget.spend(1);
        const id = task >> 2;
        const kind = task & 3;
        const consistent = kind === NEED ? this.need(id) : kind === INCLUDE ? this.include(id) : this.exclude(id);
        if (!consistent) return this.fail();
      }
      if (this.unsupported.length === 0) return true;
      if (!this.restoreSupport(this.unsupported.pop()!)) return this.fail();
    }
  }

  private fail(): false {
    this.tasks.length = 0;
    this.unsupported.length = 0;
    return false;
  }

  private need(column: number): boolean {
    if (this.isNeeded[column] === 1) return true;
    this.isNeeded[column] = 1;
    this.trail.push(column * 8 + NEEDED);
    if (this.isLost[column] === 1 || this.writerCount[column]! > 1) return false;
    if (this.writerCount[column] === 1) {
      this.excludeOthers(column, this.writerOf(column));
      return true;
    }
    return this.settleIfForced(column);
  }

  private include(stage: number): boolean {
    if (this.stageState[stage] !== OPEN) return this.stageState[stage] === INCLUDED;
    const { inputs, outputs } = this.problem;
    this.stageState[stage] = INCLUDED;
    this.trail.push(stage * 8 + STAGE_INCLUDED);
    const end = outputs.start[stage + 1]!;
    for (let i = outputs.start[stage]!; i < end; i++) this.writerCount[outputs.items[i]!]!++;
    for (let i = outputs.start[stage]!; i < end; i++) {
      const column = outputs.items[i]!;
      if (this.isNeeded[column] === 1) this.excludeOthers(column, stage);
    }
    for (let i = inputs.start[stage]!; i < inputs.start[stage + 1]!; i++) {
      if (this.isNeeded[inputs.items[i]!] === 0) this.tasks.push(inputs.items[i]! * 4 + NEED);
    }
    return true;
  }

  private exclude(stage: number): boolean {
    if (this.stageState[stage] !== OPEN) return this.stageState[stage] === EXCLUDED;
    const { outputs } = this.problem;
    this.stageState[stage] = EXCLUDED;
    this.trail.push(stage * 8 + STAGE_EXCLUDED);
    const end = outputs.start[stage + 1]!;
    for (let i = outputs.start[stage]!; i < end; i++) {
      if (this.mayWrite(stage, outputs.items[i]!)) this.liveProducers[outputs.items[i]!]!--;
    }
    for (let i = outputs.start[stage]!; i < end; i++) {
      const column = outputs.items[i]!;
      if (this.support[column] === stage && this.isLost[column] === 0) this.unsupported.push(column);
      if (this.isNeeded[column] === 1 && this.writerCount[column] === 0 && !this.settleIfForced(column)) return false;
    }
    return true;
  }

  private mayWrite(stage: number, column: number): boolean {
    const { producers, writers } = this.problem;
    if (producers === writers) return true;
    for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
      if (producers.items[i] === stage) return true;
    }
    return false;
  }

  private excludeOthers(column: number, writer: number): void {
    const { writers } = this.problem;
    for (let i = writers.start[column]!; i < writers.start[column + 1]!; i++) {
      const other = writers.items[i]!;
      if (other !== writer && this.stageState[other] !== EXCLUDED) this.tasks.push(other * 4 + EXCLUDE);
    }
    if (!this.mayWrite(writer, column)) this.tasks.push(writer * 4 + EXCLUDE);
  }

  private settleIfForced(column: number): boolean {
    if (this.liveProducers[column]! > 1) return true;
    if (this.liveProducers[column] === 0) return false;
    const { producers } = this.problem;
    let i = producers.start[column]!;
    while (this.stageState[producers.items[i]!] === EXCLUDED) i++;
    this.tasks.push(producers.items[i]! * 4 + INCLUDE);
    return true;
  }

  /** Finds a column whose support is gone another one that does not run in a circle, or gives it up. */
  private restoreSupport(column: number): boolean {
    if (this.isLost[column] === 1 || this.stageState[this.support[column]!] !== EXCLUDED) return true;
    if (this.problem.isCyclic[column] === 0) {
      const { producers } = this.problem;
      for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
        if (this.stageState[producers.items[i]!] !== EXCLUDED) {
          this.support[column] = producers.items[i]!;
          return true;
        }
      }
      return this.lose(column);
    }
    return this.restoreComponent(column);
  }

  /**
   * Inside a strongly connected component another producer may itself lean on the column: everything there that leans
   * on an unsupported column is suspected, then cleared as far as supports from unsuspected columns reach.
   */
  private restoreComponent(column: number): boolean {
    const { component, readers, outputs, producers } = this.problem;
    const home = component[column];
    const suspects: number[] = [];
    const suspect = (candidate: number) => {
      if (component[candidate] !== home || this.suspected[candidate] === 1 || this.isLost[candidate] === 1) return;
      this.suspected[candidate] = 1;
      suspects.push(candidate);
    };
    suspect(column);
    for (const other of this.unsupported) {
      if (this.stageState[this.support[other]!] === EXCLUDED) suspect(other);
    }
    for (let next = 0; next < suspects.length; next++) {
      const from = suspects[next]!;
      for (let i = readers.start[from]!; i < readers.start[from + 1]!; i++) {
        const reader = readers.items[i]!;
        for (let j = outputs.start[reader]!; j < outputs.start[reader + 1]!; j++) {
          if (this.support[outputs.items[j]!] === reader) suspect(outputs.items[j]!);
        }
      }
    }
    this.budget.spend(suspects.length);

    const cleared: number[] = [];
    const clear = (candidate: number, stage: number) => {
      this.suspected[candidate] = 0;
      this.support[candidate] = stage;
      cleared.push(candidate);
    };
    for (const candidate of suspects) {
      for (let i = producers.start[candidate]!; i < producers.start[candidate + 1]!; i++) {
        if (this.readsNoSuspect(producers.items[i]!)) {
          clear(candidate, producers.items[i]!);
          break;
        }
      }
    }
    for (let next = 0; next < cleared.length; next++) {
      const from = cleared[next]!;
      for (let i = readers.start[from]!; i < readers.start[from + 1]!; i++) {
        const reader = readers.items[i]!;
        if (!this.readsNoSuspect(reader)) continue;
        for (let j = outputs.start[reader]!; j < outputs.start[reader + 1]!; j++) {
          const candidate = outputs.items[j]!;
          if (this.suspected[candidate] === 1 && this.mayWrite(reader, candidate)) clear(candidate, reader);
        }
      }
    }
    let consistent = true;
    for (const candidate of suspects) {
      if (this.suspected[candidate] === 0) continue;
      this.suspected[candidate] = 0;
      consistent = consistent && this.lose(candidate);
    }
    return consistent;
  }

  private readsNoSuspect(stage: number): boolean {
    if (this.stageState[stage] === EXCLUDED) return false;
    const { inputs } = this.problem;
    for (let i = inputs.start[stage]!; i < inputs.start[stage + 1]!; i++) {
      if (this.suspected[inputs.items[i]!] === 1) return false;
    }
    return true;
  }

  private lose(column: number): boolean {
    this.isLost[column] = 1;
    this.trail.push(column * 8 + LOST);
    if (this.isNeeded[column] === 1) return false;
    const { readers } = this.problem;
    for (let i = readers.start[column]!; i < readers.start[column + 1]!; i++) {
      this.tasks.push(readers.items[i]! * 4 + EXCLUDE);
    }
    return true;
  }

  private undoTo(length: number): void {
    const { outputs } = this.problem;
    while (this.trail.length > length) {
      const entry = this.trail.pop()!;
      const id = entry >> 3;
      switch (entry & 7) {
        case NEEDED:
          this.isNeeded[id] = 0;
          break;
        case STAGE_INCLUDED:
          this.stageState[id] = OPEN;
          for (let i = outputs.start[id]!; i < outputs.start[id + 1]!; i++) this.writerCount[outputs.items[i]!]!--;
          break;
        case STAGE_EXCLUDED:
          this.stageState[id] = OPEN;
          for (let i = outputs.start[id]!; i < outputs.start[id + 1]!; i++) {
            if (this.mayWrite(id, outputs.items[i]!)) this.liveProducers[outputs.items[i]!]!++;
          }
          break;
        case LOST:
          this.isLost[id] = 0;
          break;
      }
    }
  }
}
