import { DomainError } from "../errors";
import { InstanceTable } from "./instance-table";
import { toRecord } from "./to-record";
import type { PlannedVariant, PlanStage } from "./types";

/** A stage together with where everything it reads comes from: what is run once in a merged plan, however many variants contain it. */
export interface Instance {
  /** `stage@n`, n counting the instances of the stage from 1. */
  key: string;
  stage: string;
  /** Logical column, fit inputs included, to the source of that name or to the instance that writes it. */
  inputs: Record<string, { source: true } | { instance: string }>;
  /** The logical columns it writes that some variant needs. */
  outputs: string[];
  /** Indices of the variants that contain it, ascending. */
  variants: number[];
}

interface PhysicalColumn {
  physical: string;
  logical: string;
  /** Key of the instance that writes it, the only one that does. */
  writer: string;
}

export interface MergedPlan {
  /** In an executable order: an instance comes after those it reads. */
  instances: Instance[];
  /** Index of the variant to its produced columns, logical to physical name. Sources keep their names and are not listed. */
  physical: Record<string, Record<string, string>>;
  columns: PhysicalColumn[];
}

/**
 * Merges variants into one graph: what they agree on from the sources up to a stage is one instance, and everything
 * downstream of a fork is there once per side.
 * A column that one instance writes keeps its name; otherwise it becomes `column__producer`, the producer being the
 * nearest one upstream that tells the instances apart, followed by further ones and at last a number where needed.
 * @param stages the catalogue the variants were planned on
 * @param variants in execution order, as `planVariants` gives them
 * @throws DomainError `invalid` with `code` UNKNOWN_STAGE when a variant names a stage that the catalogue does not have
 */
export function mergeVariants(
  stages: readonly PlanStage[],
  sources: readonly string[],
  variants: readonly PlannedVariant[],
): MergedPlan {
  const stageIds = new Map(stages.map((stage, id) => [stage.name, id]));
  const columnIds = new Map<string, number>();
  const columns: string[] = [];
  const toColumn = (name: string): number => {
    let id = columnIds.get(name);
    if (id === undefined) {
      id = columns.length;
      columnIds.set(name, id);
      columns.push(name);
    }
    return id;
  };
  sources.forEach(toColumn);
  const start = new Int32Array(stages.length + 1);
  const items: number[] = [];
  for (let stage = 0; stage < stages.length; stage++) {
    const { inputs, fitInputs = [], outputs } = stages[stage]!;
    items.push(...new Set([...inputs, ...fitInputs].map(toColumn)));
    start[stage + 1] = items.length;
    outputs.forEach(toColumn);
  }
  const inputs = { start, items: Int32Array.from(items) };

  const table = new InstanceTable(inputs, stages.length);
  const toStage = (name: string): number => {
    const id = stageIds.get(name);
    if (id === undefined) {
      throw new DomainError(
        "invalid",
        `A variant contains stage "${name}", which the catalogue does not have. Plan again.`,
        {
          code: "UNKNOWN_STAGE",
          stage: name,
        },
      );
    }
    return id;
  };
  const variantsOf: number[][] = [];
  const outputsOf: Set<number>[] = [];
  /** Column to the instances that write it, and for each variant its columns with theirs. */
  const instancesOf = columns.map(() => new Set<number>());
  const written: { column: number; instance: number }[][] = [];
  for (const [index, variant] of variants.entries()) {
    const writer = new Int32Array(columns.length).fill(-1);
    for (const [column, stage] of Object.entries(variant.choice)) writer[columnIds.get(column)!] = toStage(stage);
    const order = variant.stages.map(toStage);
    const instances = table.add(order, writer);
    const current = new Map<number, number>();
    for (let i = 0; i < order.length; i++) {
      current.set(order[i]!, instances[i]!);
      (variantsOf[instances[i]!] ??= []).push(index);
    }
    written.push(
      Object.entries(variant.choice).map(([name, stage]) => {
        const column = columnIds.get(name)!;
        const instance = current.get(toStage(stage))!;
        instancesOf[column]!.add(instance);
        (outputsOf[instance] ??= new Set()).add(column);
        return { column, instance };
      }),
    );
  }

  const keys: string[] = [];
  const counts = new Int32Array(stages.length);
  for (const stage of table.stageOf) keys.push(`${stages[stage]!.name}@${++counts[stage]!}`);
  const instances = table.stageOf.map((stage, instance): Instance => {
    const reads = Array.from(inputs.items.subarray(inputs.start[stage], inputs.start[stage + 1]));
    return {
      key: keys[instance]!,
      stage: stages[stage]!.name,
      inputs: toRecord(
        reads.map((column) => columns[column]!),
        reads.map((_, i) => {
          const from = table.inputsOf[instance]![i]!;
          return from === -1 ? { source: true as const } : { instance: keys[from]! };
        }),
      ),
      outputs: Array.from(outputsOf[instance] ?? [], (column) => columns[column]!),
      variants: variantsOf[instance]!,
    };
  });

  const forks = findForks(table, outputsOf, columns.length);
  const taken = new Set(columns);
  const physicalColumns: PhysicalColumn[] = [];
  const physicalName = new Map<string, string>();
  const producers = stages.map((stage) => stage.name);
  for (const [column, writers] of instancesOf.entries()) {
    const list = [...writers];
    const suffixes = list.length > 1 ? distinguish(list.map((instance) => forks.get(instance)!)) : [];
    for (const [i, instance] of list.entries()) {
      const logical = columns[column]!;
      let physical = logical;
      if (list.length > 1) {
        const name = [logical, ...suffixes[i]!.map((stage) => producers[stage]!)].join("__");
        physical = name;
        for (let n = 2; taken.has(physical); n++) physical = `${name}__${n}`;
        taken.add(physical);
      }
      physicalName.set(`${column} ${instance}`, physical);
      physicalColumns.push({ physical, logical, writer: keys[instance]! });
    }
  }
  const physical = written.map((list) =>
    toRecord(
      list.map(({ column }) => columns[column]!),
      list.map(({ column, instance }) => physicalName.get(`${column} ${instance}`)!),
    ),
  );
  return {
    instances,
    physical: toRecord(
      physical.map((_, index) => String(index)),
      physical,
    ),
    columns: physicalColumns,
  };
}

/**
 * For every instance, which stage writes each forked column at or upstream of it (-1: none does), the columns
 * nearest to the outputs first. A forked column is one that different stages write.
 */
function findForks(
  table: InstanceTable,
  outputsOf: readonly (ReadonlySet<number> | undefined)[],
  columnCount: number,
): Map<number, Int32Array> {
  const writer = new Int32Array(columnCount).fill(-1);
  const last = new Map<number, number>();
  const forked = new Set<number>();
  for (const [instance, stage] of table.stageOf.entries()) {
    for (const column of outputsOf[instance] ?? []) {
      if (writer[column] !== -1 && writer[column] !== stage) forked.add(column);
      writer[column] = stage;
      last.set(column, instance);
    }
  }
  const ranked = [...forked].sort((a, b) => last.get(b)! - last.get(a)! || a - b);
  const rank = new Map(ranked.map((column, index) => [column, index]));
  const forks = new Map<number, Int32Array>();
  const none = new Int32Array(ranked.length).fill(-1);
  for (const [instance, stage] of table.stageOf.entries()) {
    let own: Int32Array | undefined;
    let shared: Int32Array = none;
    for (const from of table.inputsOf[instance]!) {
      const upstream = from === -1 ? none : forks.get(from)!;
      if (upstream === none || upstream === shared) continue;
      if (shared === none) {
        shared = upstream;
        continue;
      }
      own ??= shared.slice();
      for (let i = 0; i < own.length; i++) if (upstream[i] !== -1) own[i] = upstream[i]!;
    }
    for (const column of outputsOf[instance] ?? []) {
      const index = rank.get(column);
      if (index === undefined) continue;
      own ??= shared.slice();
      own[index] = stage;
    }
    forks.set(instance, own ?? shared);
  }
  return forks;
}

/** For each list of stages the shortest beginning that no other list has, leaving out places where all agree or nothing stands. */
function distinguish(lists: readonly Int32Array[]): number[][] {
  const first = lists[0]!;
  const places = Array.from(first.keys()).filter((place) => lists.some((list) => list[place] !== first[place]));
  const result: number[][] = lists.map(() => []);
  let groups = [lists.map((_, index) => index)];
  for (const place of places) {
    groups = groups.flatMap((group) => {
      if (group.length === 1) return [];
      const byStage = new Map<number, number[]>();
      for (const index of group) {
        const stage = lists[index]![place]!;
        const same = byStage.get(stage);
        if (same) same.push(index);
        else byStage.set(stage, [index]);
      }
      if (byStage.size > 1) {
        for (const [stage, same] of byStage) if (stage !== -1) for (const index of same) result[index]!.push(stage);
      }
      return [...byStage.values()];
    });
  }
  return result;
}

/**
 * The signature of every instance: the digest of the canonical JSON of
 * `[stage digest, [[input column, signature of its writer or "source:" + column], …]]`, columns sorted by code unit.
 * Equal signatures compute the same values from the same sources.
 * @param instances in an executable order, as `mergeVariants` gives them
 * @param stageDigest the digest of a stage's version and parameters
 * @param digest a collision-resistant digest of a text, passed in because the domain has no cryptography
 * @returns instance key to signature
 */
export function signatures(
  instances: readonly Instance[],
  stageDigest: (stage: string) => string,
  digest: (canonical: string) => string,
): Map<string, string> {
  const signed = new Map<string, string>();
  for (const { key, stage, inputs } of instances) {
    const reads = Object.entries(inputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([column, from]) => [column, "source" in from ? `source:${column}` : signed.get(from.instance)!]);
    signed.set(key, digest(JSON.stringify([stageDigest(stage), reads])));
  }
  return signed;
}
