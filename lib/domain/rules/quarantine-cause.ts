/** Why a dataset version is in quarantine, as the beginning of a sentence without its capital. */
export function quarantineCause(heldBy: readonly string[]): string {
  if (heldBy.length === 0) return "a critical rule failed";
  return heldBy.length === 1
    ? `monitor ${heldBy[0] ?? ""} finds a critical drift in its newest window`
    : `monitors ${heldBy.join(", ")} find a critical drift in its newest window`;
}

/** The same with its capital. */
export function capitalCause(heldBy: readonly string[]): string {
  const cause = quarantineCause(heldBy);
  return cause.charAt(0).toUpperCase() + cause.slice(1);
}
