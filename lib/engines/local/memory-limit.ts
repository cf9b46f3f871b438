/** DuckDB's notation of memory in bytes. */
export function bytesOf(memoryLimit: string): number {
  const [, number = "0", unit = ""] = /^(\d+)\s*(MB|GB)$/i.exec(memoryLimit) ?? [];
  return Number(number) * (unit.toUpperCase() === "GB" ? 2 ** 30 : 2 ** 20);
}
