/** Integers with no more different values than this are counted by value, and not by edges. */
export const CATEGORY_LIMIT = 30;

/** A text column is counted by so many of the reference's most frequent values; the others are unseen. */
export const TEXT_VALUES = 50;
