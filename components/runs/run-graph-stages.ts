const SOURCE = "source:";

/** Name of the source that a stage reads; null when it is another stage. */
export function sourceOf(read: string): string | null {
  return read.startsWith(SOURCE) ? read.slice(SOURCE.length) : null;
}
