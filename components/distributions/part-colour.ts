/** One colour per role everywhere; `pattern` tells them apart without colour. */
const ROLES = ["train", "validation", "test", "serving"];

export function partColour(part: string): string {
  const role = part === "serve" ? "serving" : part;
  return ROLES.includes(role) ? `var(--tr-fill-${role})` : "var(--mantine-color-gray-6)";
}

export function partName(part: string): string {
  return part === "all" ? "all rows" : part === "serve" ? "serving" : part;
}
