import { unknownName, type Issues } from "./issues";

export type ParameterValue = string | number | boolean | readonly number[];
export type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * Parameters by name with the forms they can have. A form is recognised by how it begins, so that a sentence of a test
 * vector ("evidently: 0 -> 0.0001 …") and the short name ("evidently") mean the same; what it stands for, itself a form, is
 * on the right.
 */
const FORMS: Record<string, readonly (readonly [begins: RegExp, meaning: string])[]> = {
  preset: [
    [/^evidently$/, "evidently"],
    [/^tfdv$/, "tfdv"],
    [/^nannyml$/, "nannyml"],
    [/^hopsworks$/, "hopsworks"],
  ],
  input: [
    [/^counts_of_two_categories$/, "counts"],
    [/^counts\b/, "counts"],
    [/^weights$/, "weights"],
    [/^map$/, "map"],
    [/^values$/, "values"],
  ],
  log: [
    [/^(log2|bits)$/, "log2"],
    [/^(ln|nats)$/, "ln"],
  ],
  empty_bin: [
    [/^(none)\b/, "none"],
    [/^(evidently|replace)\b/, "replace"],
    [/^(floor|clip)\b/, "floor"],
    [/^add\b/, "add"],
  ],
  binning: [
    [/^profile$/, "profile"],
    [/^(reference )?deciles\b/, "deciles"],
    [/^sturges(_distinct$| over the distinct\b)/i, "sturges_distinct"],
    [/^sturges\b/, "sturges"],
    [/^doane\b/, "doane"],
    [/^by_value$/, "by_value"],
    [/^evidently$/, "evidently"],
    [/^evidently_distinct$/, "evidently_distinct"],
    [/^nannyml$/, "nannyml"],
    [/^tfdv$/, "tfdv"],
  ],
  direction: [
    [/^KL\((reference\|\|current|expected\|\|observed)\)$/, "KL(reference||current)"],
    [/^KL\((current\|\|reference|observed\|\|expected)\)$/, "KL(current||reference)"],
  ],
  variant: [
    [/^goodness_of_fit/, "goodness_of_fit"],
    [/^contingency_2x2$/, "contingency_2x2"],
    [/^contingency$/, "contingency"],
  ],
  p_value: [
    [/^auto$/, "auto"],
    [/^exact$/, "exact"],
    [/^kolmogorov limit\b/i, "kolmogorov_limit"],
    [/^kstwo$/, "kstwo"],
  ],
  // What follows has one meaning each: it may be said, and another cannot be had.
  norm: [
    [/^none$/, "none"],
    [/^max\(population std of (the )?reference, 0\.001\)$/, "max(population std of reference, 0.001)"],
  ],
  scale: [[/^sum\(a\)\+sum\(b\)$/, "sum"]],
  align: [[/^union of boundaries/, "union"]],
  nan: [[/^NaN mass goes in a bucket that matches nothing/, "unmatched"]],
  inf: [[/^infinite buckets match nothing/, "unmatched"]],
  quantile: [[/^type 7\b/, "type 7"]],
  histogram: [[/^(10 equal-width\b|numpy\b)/, "equal-width"]],
  representation: [[/^decimal strings/, "decimal strings"]],
  length: [[/^(unicode )?code points/, "code points"]],
  top: [[/^count desc, then value asc/, "count desc then value asc"]],
  missing: [[/^null row only/, "null"]],
};

/** Say where the samples come from; nothing is read from there. */
const PROVENANCE = [
  "dataset",
  "column",
  "reference",
  "current",
  "reference_filter",
  "current_filter",
  "drop_null",
  "generator",
];

/** Epsilon of each way to fill empty buckets, unless the parameter says one. */
const EPSILONS: Record<string, number> = { replace: 1e-4, floor: 1e-4, add: 1e-6 };

/** A parameter's accepted forms, short, for messages and documentation. */
function formsOf(name: string): string {
  if (name === "yates") return "true or false";
  if (name === "edges") return "two or more ascending numbers";
  if (name === "epsilon") return "a number above 0 and below 1";
  return (FORMS[name] ?? []).map(([, meaning]) => meaning).join(", ");
}

export interface ParsedParameters {
  /** What a parameter means; undefined when it was not given. */
  text(name: string): string | undefined;
  yates: boolean | undefined;
  edges: readonly number[] | undefined;
  epsilon: number;
  /** Whether shares are normalised after empty buckets were filled. */
  renormalise: boolean;
}

/** The parameters that a metric allows, over the defaults of metric and preset. Findings go to `issues`. */
export function parseParameters(
  given: Parameters,
  allowed: readonly string[],
  defaults: Parameters,
  issues: Issues,
): ParsedParameters {
  const known = ["preset", ...allowed, ...PROVENANCE];
  const meanings = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...defaults, ...given })) {
    if (!known.includes(name))
      issues.add(["params", name], unknownName(name, known), `one of ${["preset", ...allowed].join(", ")}`, name);
    else if (!FORMS[name] || PROVENANCE.includes(name)) continue;
    else {
      const meaning =
        typeof value === "string"
          ? FORMS[name].find(([begins, means]) => value === means || begins.test(value))?.[1]
          : undefined;
      if (meaning === undefined)
        issues.add(["params", name], "has a form that is not known", `one of ${formsOf(name)}`, value);
      else meanings.set(name, meaning);
    }
  }
  const all = { ...defaults, ...given };
  const fill = String(all.empty_bin ?? "");
  return {
    text: (name) => meanings.get(name),
    yates: flag(all, "yates", issues),
    edges: edges(all, issues),
    epsilon: epsilon(given, all, meanings.get("empty_bin"), issues),
    renormalise: /\brenormalise/.test(fill) && !/\bno renormalis/.test(fill),
  };
}

function flag(all: Parameters, name: string, issues: Issues): boolean | undefined {
  const value = all[name];
  if (value === undefined || typeof value === "boolean") return value;
  issues.add(["params", name], "is no truth value", formsOf(name), value);
  return undefined;
}

function edges(all: Parameters, issues: Issues): readonly number[] | undefined {
  const value = all.edges;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length > 1) {
    const numbers = value as readonly number[];
    if (numbers.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > (numbers[index - 1] as number))))
      return numbers;
  }
  issues.add(["params", "edges"], "are no edges", formsOf("edges"), value);
  return undefined;
}

/** As a parameter of its own, or the number in "add 1e-6 to …" and "floor max(p,0.01) …". */
function epsilon(given: Parameters, all: Parameters, fill: string | undefined, issues: Issues): number {
  const value = given.epsilon ?? /^(?:add |(?:floor|clip) max\(p, ?)([\d.e-]+)/.exec(String(all.empty_bin ?? ""))?.[1];
  const number = value === undefined ? (EPSILONS[fill ?? "add"] ?? 1e-6) : Number(value);
  if (number > 0 && number < 1) return number;
  issues.add(
    ["params", given.epsilon === undefined ? "empty_bin" : "epsilon"],
    "has no usable epsilon",
    formsOf("epsilon"),
    value,
  );
  return 1e-6;
}
