import { DomainError } from "../errors";

/**
 * The bucket of a key by the `md5-32` algorithm, in `[0, buckets)`: the first 8 hex digits of md5(salt + ":" + key) as an
 * unsigned number, modulo `buckets`. The key is the text every engine casts it to. Throws `invalid` unless `buckets` is a
 * whole number from 1 to 2³².
 */
export function bucketOf(key: string, salt: string, buckets: number, md5Hex: (text: string) => string): number {
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > 2 ** 32) {
    throw new DomainError("invalid", `A hash policy needs a whole number of buckets from 1 to 2³², not ${buckets}.`);
  }
  return Number.parseInt(md5Hex(`${salt}:${key}`).slice(0, 8), 16) % buckets;
}
