/** Pixels. */
export const NODE_WIDTH = 148;
const LINE = 15;
const PADDING = 7;
/** Characters of a name that fit beside the icon, and of a line below it. */
const NAME_LENGTH = 15;
const DETAIL_LENGTH = 22;
const SIGN_LENGTH = 3;

/** What a node says, in lines that fit it. */
export interface NodeText {
  /** One line or two. */
  name: string[];
  detail: string;
  /** Name of the column at a fork; null elsewhere. */
  physical: string | null;
}

/** Lines for a node. `physical` is a full column name, of which the entity is left out; `signs` stand at the end of the detail. */
export function toNodeText(name: string, detail: string, physical: string | null, signs = 0): NodeText {
  return {
    name: breakName(name),
    detail: shorten(detail, DETAIL_LENGTH - signs * SIGN_LENGTH),
    physical: physical === null ? null : shortenMiddle(physical.slice(physical.indexOf(".") + 1), DETAIL_LENGTH),
  };
}

/** Pixels from the top to the bottom of a node. */
export function heightOf({ name, physical }: NodeText): number {
  return 2 * PADDING + (name.length + 1 + (physical === null ? 0 : 1)) * LINE;
}

/** Baseline of a line, counted from 0, in pixels below the node's top. */
export function baselineOf(line: number): number {
  return PADDING + 11 + line * LINE;
}

/** A name in at most two lines, broken behind an underscore or dot where there is one. */
function breakName(name: string): string[] {
  if (name.length <= NAME_LENGTH) return [name];
  const breaks = Array.from(name.matchAll(/[_.]/g), ({ index }) => index + 1).filter((at) => at <= NAME_LENGTH);
  const at = breaks.at(-1) ?? NAME_LENGTH;
  return [name.slice(0, at), shorten(name.slice(at), NAME_LENGTH)];
}

const shorten = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The end of a physical name tells it from its siblings, so it stays. */
function shortenMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.ceil((most - 1) * 0.65);
  return `${text.slice(0, most - 1 - end)}…${text.slice(-end)}`;
}
