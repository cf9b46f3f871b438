/** A version of some model. */
interface NamedVersion {
  name: string;
  version: number;
}

/**
 * The page that compares model versions, at the first one's model: `/models/late_model?compare=3,1,other@2`. Null for fewer than two
 * different ones.
 */
export function compareHref(versions: readonly NamedVersion[]): string | null {
  const [first] = versions;
  const keys = new Set(
    versions.map(({ name, version }) => (name === first?.name ? String(version) : `${name}@${version}`)),
  );
  return first && keys.size > 1 ? `/models/${first.name}?compare=${[...keys].join(",")}` : null;
}
