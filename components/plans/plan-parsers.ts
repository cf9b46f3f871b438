import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";

const names = parseAsArrayOf(parseAsString).withDefault([]);

/** What the plan builder shows, as the URL says it: a pasted link and the back button restore it. */
export const planParsers = {
  outputs: names,
  /** Pipeline whose evaluation judges the plan. */
  consumer: parseAsString,
  split: parseAsString,
  mode: parseAsStringLiteral(["joint", "independent"]).withDefault("joint"),
  order: parseAsStringLiteral(["cost", "declaration"]).withDefault("cost"),
  /** `column@stage`. */
  pins: names,
  /** Stages that are fitted on the consumer's rows, whatever their owners declared. */
  refit: names,
  /** The chosen variant and the one it is compared with, by their keys. */
  variant: parseAsString,
  compare: parseAsString,
  /** The node whose details are shown. */
  node: parseAsString,
};

/** `column@stage` pins by column; what is no pin is left out. */
export function readPins(pins: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pins.flatMap((pin) => {
      const at = pin.lastIndexOf("@");
      return at > 0 && at < pin.length - 1 ? [[pin.slice(0, at), pin.slice(at + 1)]] : [];
    }),
  );
}

/** The pins with one more, which takes the place of another of the same column. */
export function withPin(pins: readonly string[], column: string, stage: string): string[] {
  return [...pins.filter((pin) => !pin.startsWith(`${column}@`)), `${column}@${stage}`];
}
