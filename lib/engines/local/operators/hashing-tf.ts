import { type LocalOperator, scalarOf } from "./local-operator";
import { VECTOR_LIMIT, binaryCounts, countIndices } from "./token-counts";

const SEED = 42;
const MASK = "4294967295::UBIGINT";
const WHOLE = "4294967296::UBIGINT";

/** Products of two 32-bit numbers fit 64 bits, so cutting them down afterwards is exact. */
const times = (x: string, factor: number): string => `((${x}) * ${factor}::UBIGINT & ${MASK})`;
/** A list of one is SQL's way to name a value inside of an expression. */
const rotate = (x: string, by: number): string =>
  `list_transform([${x}], lambda r: ((r << ${by}) | (r >> ${32 - by})) & ${MASK})[1]`;
const fold = (x: string, by: number): string => `list_transform([${x}], lambda f: xor(f, f >> ${by}))[1]`;

/**
 * MurmurHash3_x86_32 of the UTF-8 bytes of `term`, unsigned, as Spark hashes since 3.0. The last block, of fewer than
 * four bytes, is only mixed in: that is the algorithm's tail.
 */
function murmur3(term: string): string {
  const bytes = `hex(encode(${term}))`;
  const length = `octet_length(encode(${term}))`;
  const digits = [7, 5, 3, 1].map((offset) => `substr(${bytes}, 8 * j + ${offset}, 2)`);
  const block = `CAST('0x0' || ${digits.join(" || ")} AS UBIGINT)`;
  const mixed = times(rotate(times(block, 0xcc9e2d51), 15), 0x1b873593);
  // DuckDB 1.5 mixes up rows in a list_reduce whose lambda reads anything but its own parameters, so that a whole block
  // is told from the tail by bit 32 of the element itself.
  const blocks = `list_transform(range(0, (${length} + 3) // 4), lambda j: ${mixed} + CASE WHEN 4 * j + 4 <= ${length} THEN ${WHOLE} ELSE 0::UBIGINT END)`;
  const step = `(${rotate(`xor(h, k & ${MASK})`, 13)} * 5 + ${0xe6546b64}::UBIGINT) & ${MASK}`;
  const body = `list_reduce(${blocks}, lambda h, k: CASE WHEN k >= ${WHOLE} THEN ${step} ELSE xor(h, k) END, ${SEED}::UBIGINT)`;
  return fold(times(fold(times(fold(`xor(${body}, ${length})`, 16), 0x85ebca6b), 13), 0xc2b2ae35), 16);
}

/** Spark takes the hash as a signed number and the remainder as never negative. */
function bucketOf(term: string, numFeatures: number): string {
  const signed = `list_transform([CAST(${murmur3(term)} AS BIGINT)], lambda u: CASE WHEN u >= 2147483648 THEN u - 4294967296 ELSE u END)[1]`;
  return `(${signed} % ${numFeatures} + ${numFeatures}) % ${numFeatures}`;
}

/** Counts tokens at Spark's own indices. Missing tokens are not counted; a missing list stays missing, where Spark fails. */
export const hashingTF: LocalOperator = {
  unsupported: ({ numFeatures }) =>
    Number(numFeatures) > VECTOR_LIMIT
      ? `The local engine has a column for every component of a vector and takes at most ${VECTOR_LIMIT} of them, not ${String(numFeatures)}. Set numFeatures to ${VECTOR_LIMIT} or less (a power of two spreads evenly), or run the stage on spark.`
      : null,
  score({ inputs, params }) {
    const size = Number(params.numFeatures);
    const tokens = scalarOf(inputs[0]);
    const present = `list_filter(${tokens}, lambda term: term IS NOT NULL)`;
    const counts = countIndices(tokens, `list_transform(${present}, lambda term: ${bucketOf("term", size)})`);
    return [{ sparse: params.binary ? binaryCounts(counts) : counts, size }];
  },
  finite: () => true,
};
