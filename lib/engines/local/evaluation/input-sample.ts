/** A sample of the rows that a model's inputs are shuffled among, taken while the inputs are there. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import {
  MOST_SHUFFLED_COMPONENTS,
  MOST_SHUFFLED_ROWS,
  NO_VALIDATION_PART,
} from "@/lib/domain/outcomes/permutation-importance";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import { type Frame, identityOf } from "../frame";
import type { Frames } from "../frames";
import { bindAll } from "../operator-stage";
import type { Bound } from "../operators/local-operator";
import { quoteName, quoteText } from "../quote";
import { selectionCondition } from "../row-selection";

export interface InputSample {
  instance: EngineInstance;
  /** Quoted name of a table: `#i` numbers its rows from 1, beside the identity of the frame's rows and the inputs' components. */
  table: string;
  frame: Frame;
  /** Bound to the table. */
  inputs: Bound[];
}

/** What stands in the place of a sample that cannot be taken. */
export interface NoSample {
  reason: string;
}

const SEED = 0;

/** The instance whose inputs are shuffled; undefined where none is asked for. */
export function shuffledInstance({ evaluate, instances }: VariantPlan): EngineInstance | undefined {
  return instances.find(({ key }) => key === evaluate?.shuffle);
}

/** Rows of the validation part, the same for the same rows. The instance has just run. */
export async function sampleInputs(
  frames: Frames,
  plan: VariantPlan,
  instance: EngineInstance,
): Promise<InputSample | NoSample> {
  const validation = plan.evaluate?.selections.find(({ part }) => part === "validation");
  if (!validation) return { reason: NO_VALIDATION_PART };
  if (instance.values)
    return { reason: "The predictions were read as an earlier run wrote them, without the inputs that they were made of." }; // prettier-ignore
  const frame = await frames.readBy(instance);
  if (splitColumn(plan.evaluate?.label.column ?? "")[0] !== frame.entity.name)
    return { reason: `The model reads rows of ${frame.entity.name}, which are not those that it is judged on.` };
  const bound = await bindAll(frames.session, frames, frame, instance, instance.stage.inputs);
  const components = bound.reduce((sum, { sql }) => sum + sql.length, 0);
  if (components > MOST_SHUFFLED_COMPONENTS)
    return { reason: `The model has ${components} inputs. Up to ${MOST_SHUFFLED_COMPONENTS} are shuffled one after the other.` }; // prettier-ignore
  const table = quoteName(frames.fresh("sample"));
  const identity = identityOf(frame);
  let number = 0;
  const inputs = bound.map((one): Bound => ({ ...one, sql: one.sql.map(() => quoteName(`c${number++}`)) }));
  const named = bound.flatMap(({ sql }, at) => sql.map((each, i) => `${each} AS ${inputs[at]?.sql[i] ?? ""}`));
  const order = shuffleOrder(`concat_ws('|', ${identity.join(", ")})`, SEED, "sample");
  await frames.session.run(
    `CREATE TABLE ${table} AS SELECT row_number() OVER () AS "#i", * FROM
       (SELECT ${[...identity, ...named].join(", ")} FROM ${frame.relation} WHERE ${selectionCondition(frame, validation)} ORDER BY ${order} LIMIT ${MOST_SHUFFLED_ROWS})`,
  );
  return { instance, table, frame, inputs };
}

/** An order that looks like chance and is the same for the same rows and seed. */
export function shuffleOrder(key: string, seed: number, what: string): string {
  return `md5(${quoteText(`${seed}:${what}:`)} || CAST(${key} AS VARCHAR))`;
}

export { SEED as SHUFFLE_SEED };
