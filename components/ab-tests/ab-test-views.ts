import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const AB_TEST_PAGE = 30;

export const abTestListParsers = { state: parseAsStringLiteral(["running", "closed"]) };

/** What a new test starts with. */
export const newAbTestParsers = {
  deployment: parseAsArrayOf(parseAsString).withDefault([]),
  experiment: parseAsInteger,
};

/** Colours of the arms in their order; names stand beside them wherever they are used. */
export const ARM_COLOURS = [
  "light-dark(var(--mantine-color-gray-6), var(--mantine-color-gray-5))",
  "light-dark(var(--mantine-color-indigo-7), var(--mantine-color-indigo-4))",
  "light-dark(var(--mantine-color-teal-7), var(--mantine-color-teal-4))",
  "light-dark(var(--mantine-color-orange-7), var(--mantine-color-orange-4))",
  "light-dark(var(--mantine-color-grape-7), var(--mantine-color-grape-4))",
  "light-dark(var(--mantine-color-cyan-8), var(--mantine-color-cyan-4))",
  "light-dark(var(--mantine-color-pink-7), var(--mantine-color-pink-4))",
  "light-dark(var(--mantine-color-lime-8), var(--mantine-color-lime-4))",
];
