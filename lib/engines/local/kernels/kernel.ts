/**
 * A kernel is a pure computation over typed arrays that gives way often: it yields a sentence about how far it is, or null,
 * so that whoever drives it can report, and stop it, between two pieces of work.
 */
export type Kernel<Result> = Generator<string | null, Result, void>;

/** Rows that a kernel works on between two yields; some milliseconds. */
export const BLOCK = 16_384;

/** Runs a kernel to its end. */
export function runToEnd<Result>(kernel: Kernel<Result>): Result {
  for (;;) {
    const { done, value } = kernel.next();
    if (done) return value;
  }
}
