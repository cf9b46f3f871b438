import { TRAINING_ROLES, type RecipeFeature, type TrainingRecipe } from "./training-recipe";

/** One thing in which two recipes differ; null where a side does not have it. */
export interface RecipeDifference {
  /** spine, feature, key, label, split, unit, as-of, knowledge, boundary or service. */
  what: string;
  /** Name of the thing where there are several. */
  name: string | null;
  before: string | null;
  after: string | null;
  /** The same as a sentence. */
  text: string;
}

/** In what two recipes differ, in words. The order is that of the questions a reader has: which rows, which values, how they are used. */
export function recipeDifferences(before: TrainingRecipe, after: TrainingRecipe): RecipeDifference[] {
  const found: RecipeDifference[] = [];
  const compare = (what: string, name: string | null, one: string | null, other: string | null) => {
    if (one !== other) found.push({ what, name, before: one, after: other, text: sentence(what, name, one, other) });
  };
  compare("spine", null, spineInWords(before), spineInWords(after));
  compare("spine columns", null, before.spine.columns.map(({ name }) => name).join(", "), after.spine.columns.map(({ name }) => name).join(", ")); // prettier-ignore
  compare("time column", null, before.spine.time, after.spine.time);
  compare("definition of the spine's source", null, `version ${before.spine.definition}`, `version ${after.spine.definition}`); // prettier-ignore
  for (const [one, other] of pairs(before.keys, after.keys, ({ entity, key }) => `${entity}.${key}`))
    compare("key", nameOf(one, other, ({ entity, key }) => `${entity}.${key}`), one && `column ${one.column}`, other && `column ${other.column}`); // prettier-ignore
  for (const [one, other] of pairs(before.entities, after.entities, ({ name }) => name))
    if (one && other) compare("entity", one.name, entityInWords(one), entityInWords(other));
  for (const [one, other] of pairs(before.features, after.features, ({ name }) => name)) {
    const name = nameOf(one, other, (feature) => feature.name);
    compare("feature", name, one && featureInWords(one), other && featureInWords(other));
    if (one && other) compare("values of", name, valuesInWords(one), valuesInWords(other));
  }
  const order = ({ features }: TrainingRecipe) => features.map(({ name }) => name);
  const haveSame = order(before).toSorted().join() === order(after).toSorted().join();
  if (haveSame) compare("order of features", null, order(before).join(", "), order(after).join(", "));
  compare("label", null, before.label, after.label);
  compare("split", null, splitInWords(before), splitInWords(after));
  compare("unit", null, before.unit.toSorted().join(", "), after.unit.toSorted().join(", "));
  compare("as-of time", null, before.asOf, after.asOf);
  compare("knowledge", null, before.knowledge, after.knowledge);
  compare("boundary", null, before.boundary, after.boundary);
  compare("feature service", null, serviceInWords(before), serviceInWords(after));
  return found;
}

function sentence(what: string, name: string | null, before: string | null, after: string | null): string {
  const thing = `${what}${name === null ? "" : ` ${name}`}`;
  const subject = `${thing.charAt(0).toUpperCase()}${thing.slice(1)}`;
  if (before === null) return `${subject} was added: ${after}.`;
  return after === null
    ? `${subject} was removed; it was ${before}.`
    : `${subject} changed from ${before} to ${after}.`;
}

/** Both sides by name, in the order of the first and then of the second. */
function pairs<One>(
  before: readonly One[],
  after: readonly One[],
  nameOf: (one: One) => string,
): [One | null, One | null][] {
  const find = (list: readonly One[], name: string) => list.find((one) => nameOf(one) === name) ?? null;
  const names = [...new Set([...before, ...after].map(nameOf))];
  return names.map((name) => [find(before, name), find(after, name)]);
}

function nameOf<One>(one: One | null, other: One | null, of: (one: One) => string): string {
  return of((one ?? other) as One);
}

const spineInWords = ({ spine }: TrainingRecipe) => `${spine.source}@${spine.version} (${spine.digest.slice(0, 12)})`;

const featureInWords = ({ feature, version, view, ttlSeconds, type }: RecipeFeature) =>
  `${feature} v${version} (${type}) of view ${view}, ${ttlSeconds === 0 ? "of any age" : `at most ${ttlSeconds} seconds old`}`;

const valuesInWords = ({ values }: RecipeFeature) =>
  values.map(({ dataset, version, digest, column }) => `${dataset}@${version}.${column} (${digest.slice(0, 12)})`).join(", "); // prettier-ignore

const entityInWords = ({ keys, eventTime }: TrainingRecipe["entities"][number]) =>
  `keys ${keys.map(({ name, type }) => `${name} (${type})`).join(", ")}, ${eventTime === null ? "no event time" : `event time ${eventTime}`}`; // prettier-ignore

const serviceInWords = ({ service }: TrainingRecipe) => service && `${service.name}, version ${service.version}`;

function splitInWords({ split }: TrainingRecipe): string | null {
  if (!split) return null;
  const parts = TRAINING_ROLES.flatMap((role) => (split.parts[role].length > 0 ? [`${role}: ${split.parts[role].toSorted().join(", ")}`] : [])); // prettier-ignore
  return `${split.policy}, version ${split.version} (${parts.join("; ") || "no parts"})`;
}
