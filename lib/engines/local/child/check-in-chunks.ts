/** Statements bound a few at a time in processes that may die of them, so that what one does is said of that one. */
import { DomainError } from "@/lib/domain/errors";
import type { CheckStatements, StatementFinding, StatementToCheck } from "@/lib/domain/sql/statement-to-check";

/** Statements at a time; where a process ends over them, each gets one of its own. */
const CHUNK = 50;
const MOST_KILLED = 3;
/** What the statements of one chunk may take one by one, in milliseconds: a request waits for it. */
const ALONE_MS = 60_000;

/**
 * What is wrong with each statement. One that takes more memory than it may is wrong; one that takes longer, or whose process ended
 * for another reason, may only be unlucky: that throws `unavailable` with the stage and what to do.
 */
export async function checkInChunks(
  stages: readonly StatementToCheck[],
  check: CheckStatements,
  now: () => number = Date.now,
): Promise<StatementFinding[][]> {
  const findings: StatementFinding[][] = [];
  let killed = 0;
  for (let at = 0; at < stages.length; at += CHUNK) {
    const chunk = stages.slice(at, at + CHUNK);
    const together = await check(chunk).catch(whyEnded);
    if (Array.isArray(together)) {
      findings.push(...together);
      continue;
    }
    const until = now() + ALONE_MS;
    for (const one of chunk) {
      const alone = chunk.length === 1 ? together : await check([one]).catch(whyEnded);
      if (Array.isArray(alone)) findings.push(...alone);
      else if (alone.code === "unavailable" && alone.context.limit !== "memory") throw unchecked(one, alone);
      else {
        killed += 1;
        findings.push([
          { path: ["params", "statement"], message: `the statement cannot be described: ${alone.message}` },
        ]);
        if (killed >= MOST_KILLED) throw alone;
      }
      if (now() > until) throw tooSlow(ALONE_MS, `${chunk.length} statements`);
    }
  }
  return findings;
}

/** What statements did to their process; anything else is thrown on. */
function whyEnded(error: unknown): DomainError {
  if (error instanceof DomainError && (error.code === "invalid" || error.code === "unavailable")) return error;
  throw error;
}

function unchecked({ stage }: StatementToCheck, { message, context }: DomainError): DomainError {
  return new DomainError("unavailable", `The statement of stage ${stage.name} could not be checked: ${message}`, {
    ...context,
    stage: stage.name,
  });
}

/** Of statements that are not bound in time: the machine may be busy, so that the caller is asked to try again. */
export function tooSlow(milliseconds: number, what = "Checking statements"): DomainError {
  return new DomainError(
    "unavailable",
    `${what} took longer than ${milliseconds / 1000} seconds and was stopped. Nothing was applied. Try again in a moment; if it stays so, make the statement smaller.`,
  );
}
