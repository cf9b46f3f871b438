/** Colours as the page has them at the moment; what is drawn outside of the page's own elements takes them from here. */
export interface Ink {
  paper: string;
  text: string;
  muted: string;
  line: string;
  accent: string;
  critical: string;
  added: string;
  removed: string;
  variants: string[];
}

/** Variants in the order of their letters; the colours can be told apart by colour-blind readers, and the letter stands beside them. */
export const VARIANT_COLOURS = ["train", "test", "serving", "validation", "critical", "fine"].map(
  (name) => `--tr-fill-${name}`,
);

export const letterOf = (variant: number): string => {
  const letter = String.fromCharCode(65 + (variant % 26));
  return variant < 26 ? letter : letterOf(Math.floor(variant / 26) - 1) + letter;
};

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    paper: colour("--mantine-color-body"),
    text: colour("--mantine-color-text"),
    muted: colour("--mantine-color-dimmed"),
    line: colour("--mantine-color-gray-6"),
    accent: colour("--mantine-primary-color-filled"),
    critical: colour("--tr-critical"),
    added: colour("--tr-serving"),
    removed: colour("--tr-critical"),
    variants: VARIANT_COLOURS.map(colour),
  };
}
