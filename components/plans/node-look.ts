import { heightOf, type NodeText } from "./node-text";

/** A sign on a node with what it means: never a sign alone. */
export interface NodeSign {
  sign: "✓" | "▣";
  means: string;
}

/** Something about a node that wants attention, in a word or two. */
export interface NodeFlag {
  text: string;
  tone: "leak" | "wrong" | "draft";
  means: string;
}

/** Everything that the drawing of a node depends on. */
export interface NodeLook {
  id: string;
  kind: "source" | "transformer" | "estimator";
  text: NodeText;
  /** The whole of it in a sentence, for those who hear the page and on hover. */
  label: string;
  signs: NodeSign[];
  flags: NodeFlag[];
  /** Letters of the variants that contain it, where not all do; empty otherwise. */
  letters: string;
  /** The choice that a click on its pin makes or takes back; null where there is none. */
  pin: { column: string; stage: string; isPinned: boolean } | null;
}

/** Height of every node, in pixels: all of a look that a layout depends on. */
export function heightsOf(looks: ReadonlyMap<string, NodeLook>): Map<string, number> {
  return new Map([...looks].map(([id, look]) => [id, heightOf(look.text)]));
}

/** How a part of the drawing relates to what the reader looks at. */
export interface Paint {
  /** Solid is what the reader chose; tint is the rest. */
  look: "solid" | "tint";
  /** CSS colour. */
  colour: string;
}

/** Colours that variants have in turn; defined in plan.module.css for both themes. */
const COLOURS = 6;

/** CSS colour of the variant with this index. */
export function variantColour(index: number): string {
  return `var(--variant-${(index % COLOURS) + 1})`;
}

/**
 * Paints what is in the chosen variant in its colour, and the rest in the tint of the first variant that has it. Beside a
 * second variant, what both have is neutral.
 * @param variants indices of the variants that contain the part, ascending
 */
export function paintOf(variants: readonly number[], chosen: number, compared: number | null): Paint {
  const inChosen = variants.includes(chosen);
  const inCompared = compared !== null && variants.includes(compared);
  if (inChosen && inCompared) return { look: "solid", colour: "var(--variant-both)" };
  if (inChosen) return { look: "solid", colour: variantColour(chosen) };
  if (inCompared) return { look: "solid", colour: variantColour(compared) };
  return { look: "tint", colour: variantColour(variants[0] ?? 0) };
}
