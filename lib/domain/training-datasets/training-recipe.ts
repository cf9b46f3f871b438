/**
 * What a training dataset is made from: versions of everything that its rows follow from, so that it can be made again after any of it
 * has changed. The rows themselves are a cache of it.
 */
import { canonicalJson } from "../canonical-json";
import type { ColumnType } from "../definitions/column-type";
import type { BOUNDARIES, KNOWLEDGE } from "../joins/point-in-time";

/** What rows are for, in the order in which a reader asks. */
export const TRAINING_ROLES = ["train", "validation", "test"] as const;
export type TrainingRole = (typeof TRAINING_ROLES)[number];

/** The column that says which part of the split policy a row is in. */
export const PART_COLUMN = "split_part";

/** A file set that a run wrote, by what it is and not by where it lies. */
interface RecipeValues {
  dataset: string;
  version: number;
  /** Digest of the version's files. */
  digest: string;
  /** The files' column with the values. */
  column: string;
}

export interface RecipeFeature {
  /** The column of the training dataset. */
  name: string;
  /** `entity.column`. */
  feature: string;
  version: number;
  type: ColumnType;
  view: string;
  /** How old a value may be; 0 is any age. */
  ttlSeconds: number;
  /** The newest first: what of a row that several have counts. */
  values: RecipeValues[];
}

export interface RecipeEntity {
  name: string;
  keys: { name: string; type: ColumnType }[];
  /** Null for one whose values hold at all times. */
  eventTime: string | null;
}

export interface TrainingRecipe {
  spine: {
    source: string;
    version: number;
    /** Digest of the version's files. */
    digest: string;
    /** Version of the source's definition, which says how the files are read. */
    definition: number;
    /** In the order of the training dataset. */
    columns: { name: string; type: ColumnType }[];
    /** Column with the moment as of which a row's features are read. */
    time: string;
  };
  /** In the order in which the features need them: which column of the spine has which join key. */
  keys: { entity: string; key: string; type: ColumnType; column: string }[];
  entities: RecipeEntity[];
  /** In the order of the training dataset's columns. */
  features: RecipeFeature[];
  /** The feature service whose features these are, and its version; null where they were named one by one. */
  service: { name: string; version: number } | null;
  /** Column of the spine that is to be predicted. */
  label: string | null;
  /** The policy's version, and its parts by what they are for. */
  split: { policy: string; version: number; parts: Record<TrainingRole, string[]> } | null;
  /** Columns of the spine whose shared value on both sides of the split is leakage. */
  unit: string[];
  /** Only what had been written by this moment is read. ISO. */
  asOf: string;
  knowledge: (typeof KNOWLEDGE)[number];
  boundary: (typeof BOUNDARIES)[number];
}

/** The text whose SHA-256 is the recipe's digest: canonical JSON, with lists whose order says nothing in alphabetical order. */
export function recipeText(recipe: TrainingRecipe): string {
  const { split } = recipe;
  return canonicalJson({
    ...recipe,
    keys: recipe.keys.toSorted((one, other) => compare(`${one.entity}.${one.key}`, `${other.entity}.${other.key}`)),
    entities: recipe.entities.toSorted((one, other) => compare(one.name, other.name)),
    unit: recipe.unit.toSorted(compare),
    split: split && {
      ...split,
      parts: Object.fromEntries(TRAINING_ROLES.map((role) => [role, split.parts[role].toSorted(compare)])),
    },
  });
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

export interface TrainingColumn {
  name: string;
  type: ColumnType;
  role: "key" | "time" | "label" | "split" | "spine" | "feature";
}

/** The columns of the training dataset, in order: the spine's, the part, the features. */
export function trainingColumns({ spine, keys, label, split, features }: TrainingRecipe): TrainingColumn[] {
  const roleOf = (name: string): TrainingColumn["role"] => {
    if (name === label) return "label";
    if (name === spine.time) return "time";
    return keys.some(({ column }) => column === name) ? "key" : "spine";
  };
  return [
    ...spine.columns.map(({ name, type }) => ({ name, type, role: roleOf(name) })),
    ...(split ? [{ name: PART_COLUMN, type: "string" as const, role: "split" as const }] : []),
    ...features.map(({ name, type }) => ({ name, type, role: "feature" as const })),
  ];
}

/** Every dataset version that the rows follow from, each once: the spine's first. */
export function datasetsRead({
  spine,
  features,
}: TrainingRecipe): { dataset: string; version: number; digest: string }[] {
  const all = [
    { dataset: spine.source, version: spine.version, digest: spine.digest },
    ...features.flatMap(({ values }) => values.map(({ dataset, version, digest }) => ({ dataset, version, digest }))),
  ];
  return [...new Map(all.map((one) => [`${one.dataset}@${one.version}`, one])).values()];
}
