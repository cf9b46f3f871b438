/**
 * Answers in the order of their questions; the next is asked for before one is given, so that the database, which is another thread or
 * machine, works on it while the reader works on this one. Throws what `ask` throws.
 */
export async function* oneAhead<Question, Answer>(
  questions: Iterable<Question>,
  ask: (question: Question) => Promise<Answer>,
): AsyncGenerator<Answer> {
  let asked: Promise<Answer> | null = null;
  try {
    for (const question of questions) {
      const before: Promise<Answer> | null = asked;
      asked = ask(question);
      // It may fail before anybody awaits it, who learns of it then.
      asked.catch(() => undefined);
      if (before) yield await before;
    }
    if (asked) yield await asked;
  } finally {
    // Whoever stops reading may end the transaction: nothing of it is on its way then.
    await asked?.catch(() => undefined);
  }
}
