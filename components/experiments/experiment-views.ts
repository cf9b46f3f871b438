import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { EXPERIMENT_OUTCOMES } from "@/lib/domain/experiments/experiment";

export const OUTCOME_FILTERS = ["open", ...EXPERIMENT_OUTCOMES] as const;

/** Words and filters of the list, as they stand in the URL. */
export const experimentParsers = {
  q: parseAsString,
  outcome: parseAsStringLiteral(OUTCOME_FILTERS),
  feature: parseAsString,
  stage: parseAsString,
  owner: parseAsString,
  tag: parseAsString,
};

/** What a new experiment starts with. */
export const newExperimentParsers = {
  feature: parseAsArrayOf(parseAsString).withDefault([]),
  stage: parseAsArrayOf(parseAsString).withDefault([]),
};

export const experimentPageParsers = { edit: parseAsBoolean.withDefault(false) };

export const EXPERIMENT_PAGE = 30;

type Filters = { [Key in keyof typeof experimentParsers]: ReturnType<(typeof experimentParsers)[Key]["parse"]> };

/** The query of the API for the filters that are set. Half a name is no filter yet. */
export function experimentQueryOf(workspace: string, { feature, ...filters }: Filters) {
  const set = Object.entries(filters).filter(([, value]) => value !== null && value !== "");
  return {
    workspace,
    ...(Object.fromEntries(set) as Partial<Record<"q" | "stage" | "owner" | "tag", string>> & {
      outcome?: (typeof OUTCOME_FILTERS)[number];
    }),
    ...(feature && /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(feature) && { feature }),
  };
}
