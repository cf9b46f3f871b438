import type { Strategy } from "@/lib/contracts/feature-detail";

/** The chain of a strategy in a line: its last steps, which are what tells strategies apart. */
export function strategyName({ chain, source }: Pick<Strategy, "chain" | "source">, steps = 3): string {
  if (source !== null) return `column of source ${source}`;
  const names = chain.map((step) => step.stage);
  return (names.length > steps ? ["…", ...names.slice(-steps)] : names).join(" → ");
}
