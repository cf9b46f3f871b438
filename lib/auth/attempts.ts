/** Failed sign-ins of the last minutes, in this process: five for one e-mail close its door until the first of them has passed. */
const WINDOW_MS = 5 * 60_000;
const MOST_FAILURES = 5;
/** Guessing many e-mails must not fill the memory. */
const MOST_EMAILS = 10_000;

const attempts = new Map<string, number[]>();

/** Counts an attempt before it is checked, so that many at once cannot slip through. False when there were too many. */
export function takeAttempt(email: string, now: number): boolean {
  const recent = (attempts.get(email) ?? []).filter((at) => now - at < WINDOW_MS);
  if (recent.length >= MOST_FAILURES) return false;
  attempts.delete(email);
  attempts.set(email, [...recent, now]);
  for (const oldest of attempts.keys()) {
    if (attempts.size <= MOST_EMAILS) break;
    attempts.delete(oldest);
  }
  return true;
}

/** The attempt was a person who knows the password. */
export function forgiveAttempts(email: string): void {
  attempts.delete(email);
}
