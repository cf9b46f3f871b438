import { parseAsArrayOf, parseAsString } from "nuqs/server";

/** Words of the list, as they stand in the URL. */
export const trainingParsers = { q: parseAsString };

/** What a new training dataset starts with. */
export const newTrainingParsers = {
  service: parseAsString,
  feature: parseAsArrayOf(parseAsString).withDefault([]),
  spine: parseAsString,
};

/** The other side of a comparison. */
export const trainingPageParsers = { with: parseAsString };
