import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Environment } from "@/lib/domain/environments";

/** What a training dataset may be made from, as the page loads it. */
export interface TrainingChoices {
  services: { name: string; description: string; features: string[] }[];
  features: { reference: string; feature: string; description: string }[];
  sources: {
    name: string;
    timeColumn: string | null;
    columns: { name: string; type: ColumnType }[];
    versions: number[];
  }[];
  policies: { name: string; type: string; parts: string[] }[];
  keys: Record<string, { entity: string; key: string }[]>;
}

/** What the form holds. */
export interface Draft {
  service: string | null;
  features: string[];
  /** Whose pointers say which versions. */
  environment: Environment;
  source: string | null;
  /** Empty for the newest. */
  version: string | null;
  /** Empty for all columns. */
  keep: string[];
  /** Null for the source's own. */
  time: string | null;
  /** `entity.key` → column of the spine, where another one was chosen. */
  keys: Record<string, string>;
  label: string | null;
  policy: string | null;
  train: string[];
  validation: string[];
  test: string[];
  /** As typed; empty for now. */
  asOf: string;
  knowledge: "event" | "created";
  boundary: "inclusive" | "exclusive";
}

/** The form as it begins: with what the address asks for, where there is such a thing. */
export function firstDraft(
  choices: TrainingChoices,
  asked: { service: string | null; feature: string[]; spine: string | null },
): Draft {
  const service = choices.services.find(({ name }) => name === asked.service)?.name ?? null;
  const references = asked.feature.flatMap((one) => {
    const found = choices.features.find(({ reference, feature }) => reference === one || feature === one);
    return found ? [found.reference] : [];
  });
  return {
    service,
    features: [...new Set(references)],
    environment: "production",
    source: choices.sources.find(({ name }) => name === asked.spine)?.name ?? null,
    version: null,
    keep: [],
    time: null,
    keys: {},
    label: null,
    ...partsFor(choices, null),
    asOf: "",
    knowledge: "event",
    boundary: "inclusive",
  };
}

/** A policy with the parts that are called like roles. */
export function partsFor({ policies }: TrainingChoices, name: string | null) {
  const parts = policies.find((policy) => policy.name === name)?.parts ?? [];
  const called = (role: string) => parts.filter((part) => part === role);
  return { policy: name, train: called("train"), validation: called("validation"), test: called("test") };
}

/** The join keys that the chosen features need, each once. */
export function keysNeeded(
  { services, keys }: TrainingChoices,
  { service, features }: Pick<Draft, "service" | "features">,
) {
  const references = service === null ? features : (services.find(({ name }) => name === service)?.features ?? []);
  const all = references.flatMap((reference) => keys[reference.split(/[:@]/)[0] ?? ""] ?? []);
  return [...new Map(all.map((key) => [`${key.entity}.${key.key}`, key])).values()];
}

/** The request that a form stands for. */
export function toBody(workspace: string, draft: Draft, choices: TrainingChoices) {
  const { service, features, source, version, keep, time, label, policy, train, validation, test, asOf } = draft;
  const needed = keysNeeded(choices, draft).map(({ entity, key }) => `${entity}.${key}`);
  const keys = Object.fromEntries(Object.entries(draft.keys).filter(([key]) => needed.includes(key)));
  return {
    workspace,
    environment: draft.environment,
    ...(service === null ? { features } : { feature_service: service }),
    spine: {
      source: source ?? "",
      ...(version !== null && { version: Number(version) }),
      ...(keep.length > 0 && { keep }),
    },
    ...(time !== null && { time }),
    ...(Object.keys(keys).length > 0 && { keys }),
    label,
    split: policy === null ? null : { policy, train, validation, test },
    ...(asOf.trim() !== "" && { asOf: asOf.trim() }),
    knowledge: draft.knowledge,
    boundary: draft.boundary,
  };
}
