const LIST = new Intl.ListFormat("en-GB");

/** `a`, `a and b`, `a, b and c`. */
export const listInWords = (names: readonly string[]): string => LIST.format(names);
