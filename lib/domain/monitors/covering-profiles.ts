/** A profile of some rows of a window of time, those of `[from, to)`. */
export interface RangedProfile<Profile> {
  profile: Profile;
  /** ISO instants. */
  from: string;
  to: string;
}

/**
 * Of profiles of one window, which may be of a few of its days each, those that together say most of it: the longest ranges first,
 * of equal ones the newest, and none that shares rows with one before. A month that is scored day by day is the sum of its days,
 * and a day that is scored again takes nothing from the month.
 *
 * @param profiles oldest first
 */
export function coveringProfiles<Profile>(profiles: readonly RangedProfile<Profile>[]): Profile[] {
  const ranges = profiles
    .map(({ profile, from, to }) => ({ profile, begin: Date.parse(from), end: Date.parse(to) }))
    .reverse()
    .sort((one, other) => other.end - other.begin - (one.end - one.begin));
  const taken: typeof ranges = [];
  for (const range of ranges)
    if (taken.every(({ begin, end }) => range.end <= begin || end <= range.begin)) taken.push(range);
  return taken.map(({ profile }) => profile);
}
