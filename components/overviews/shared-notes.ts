import type { OverviewFeature } from "@/lib/contracts/overviews";

/** So many names are read; further ones are counted. */
const MOST_NAMES = 6;

export interface SharedNote {
  note: string;
  /** Which features it is about, in words. */
  about: string;
}

/**
 * What several features say alike of groups that have no profile of them: said once before the list, and not again by each. Notes
 * that explain a picture stay beside it.
 */
export function sharedNotes(features: readonly OverviewFeature[]): SharedNote[] {
  const names = new Map<string, string[]>();
  for (const { name, notes, groups } of features)
    if (groups.some((group) => group === null))
      for (const note of notes) names.set(note, [...(names.get(note) ?? []), name]);
  return [...names]
    .filter(([, about]) => about.length > 1)
    .map(([note, about]) => ({ note, about: inWords(about, features.length) }));
}

function inWords(names: readonly string[], all: number): string {
  if (names.length === all) return "every feature";
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
