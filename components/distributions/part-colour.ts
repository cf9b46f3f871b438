/** One colour per role everywhere; `pattern` tells them apart without colour. */
const ROLES = ["train", "validation", "test", "serving"];

export function partColour(part: string): string {
  const role = part === "serve" ? "serving" : part;
  return ROLES.includes(role) ? `var(--tr-fill-${role})` : "var(--mantine-color-gray-6)";
}

export function partName(part: string): string {
  return part === "all" ? "all rows" : part === "serve" ? "serving" : part;
}

export interface GroupStyle {
  colour: string;
  /** Of its line, so that groups are told apart without colour. */
  dash: string | undefined;
}

const OTHERS = ["gray-6", "indigo-6", "cyan-7", "grape-6", "lime-7", "pink-6"];
const DASHES = [undefined, "6 3", "2 3", "8 2 2 2", "1 2", "10 4"];
const PART_DASHES: Record<string, string> = { test: "6 3", validation: "2 3" };

/** Windows and versions have no role: they are told apart by their position among the groups that are compared. */
export function groupStyle(key: string, position: number): GroupStyle {
  const role = key === "serve" ? "serving" : key;
  if (ROLES.includes(role)) return { colour: partColour(key), dash: PART_DASHES[role] };
  return {
    colour: `var(--mantine-color-${OTHERS[position % OTHERS.length]})`,
    dash: DASHES[position % DASHES.length],
  };
}
