/** How settings and DuckDB write a size: `512MB`, `2GB`. A megabyte has 2^20 bytes. */
export const BYTE_SIZE = /^(\d+)\s*(MB|GB)$/;

export const MEGABYTE = 2 ** 20;

/** A size in bytes. Throws `RangeError` for what is no size. */
export function bytesOf(size: string): number {
  const [, number, unit] = BYTE_SIZE.exec(size) ?? [];
  if (number === undefined) throw new RangeError(`Not a size such as 2GB: ${size}.`);
  return Number(number) * MEGABYTE * (unit === "GB" ? 1024 : 1);
}
