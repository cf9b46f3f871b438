import type { Lists } from "./adjacency";

/**
 * Instances of stages over many variants, each made once: an instance is a stage and, for each column it reads, the
 * source or the instance that writes it. Variants that agree on everything upstream of a stage share its instance.
 */
export class InstanceTable {
  /** Instance to its stage, and to the instance behind each listed input of that stage (-1: a source). An instance comes after those it reads. */
  readonly stageOf: number[] = [];
  readonly inputsOf: Int32Array[] = [];
  private readonly latest: Int32Array;
  private readonly byInputs: (Map<string, number> | undefined)[];
  private readonly current: Int32Array;

  constructor(
    private readonly inputs: Lists,
    stageCount: number,
  ) {
    this.latest = new Int32Array(stageCount).fill(-1);
    this.current = new Int32Array(stageCount);
    this.byInputs = new Array<Map<string, number> | undefined>(stageCount);
  }

  /**
   * The instance of each stage of a variant.
   * @param order the variant's stages in execution order
   * @param writer column to the stage that writes it in this variant, -1 for a source
   */
  add(order: ArrayLike<number>, writer: Int32Array): Int32Array {
    const instances = new Int32Array(order.length);
    for (let i = 0; i < order.length; i++) {
      const stage = order[i]!;
      const instance = this.isLatest(stage, writer) ? this.latest[stage]! : this.intern(stage, writer);
      this.latest[stage] = this.current[stage] = instances[i] = instance;
    }
    return instances;
  }

  /** Neighbouring variants mostly agree, so comparing with the stage's previous instance saves nearly all look-ups by key. */
  private isLatest(stage: number, writer: Int32Array): boolean {
    if (this.latest[stage] === -1) return false;
    const known = this.inputsOf[this.latest[stage]!]!;
    const start = this.inputs.start[stage]!;
    for (let i = 0; i < known.length; i++) {
      const from = writer[this.inputs.items[start + i]!]!;
      if (known[i] !== (from === -1 ? -1 : this.current[from]!)) return false;
    }
    return true;
  }

  private intern(stage: number, writer: Int32Array): number {
    const start = this.inputs.start[stage]!;
    const inputs = new Int32Array(this.inputs.start[stage + 1]! - start);
    for (let i = 0; i < inputs.length; i++) {
      const from = writer[this.inputs.items[start + i]!]!;
      inputs[i] = from === -1 ? -1 : this.current[from]!;
    }
    const known = (this.byInputs[stage] ??= new Map());
    const key = inputs.join();
    let instance = known.get(key);
    if (instance === undefined) {
      instance = this.stageOf.length;
      known.set(key, instance);
      this.stageOf.push(stage);
      this.inputsOf.push(inputs);
    }
    return instance;
  }
}
