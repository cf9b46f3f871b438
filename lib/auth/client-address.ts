/** Of one header of a request; several values may be joined by commas. */
type Header = (name: string) => string | null | undefined;

/**
 * The network address that a request came from: what the nearest proxy says of it, or, where no public address is set, the peer of
 * the connection, which the front server writes into the same header. What stands before the last comma was said by the client.
 */
export function clientAddress(header: Header): string {
  const last = header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return last.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, "").slice(0, 64);
}
