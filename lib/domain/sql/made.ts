/** What a value is computed from, in columns of the statement's input. */
export interface Made {
  from: ReadonlySet<string>;
  /** False where a name could not be followed: then it may be made of anything. */
  exact: boolean;
  /** Of a struct or a row, by lower-case name, where each is known. */
  fields?: ReadonlyMap<string, Made>;
}

export const NOTHING: Made = { from: new Set(), exact: true };

export function allOf(made: Iterable<Made>): Made {
  const from = new Set<string>();
  let exact = true;
  for (const one of made) {
    for (const name of one.from) from.add(name);
    exact &&= one.exact;
  }
  return { from, exact };
}

/** Keeps what is known of fields: each of them is made of the same more. */
export function withMore(made: Made, more: Made): Made {
  if (more.from.size === 0 && more.exact) return made;
  const whole = allOf([made, more]);
  if (!made.fields) return whole;
  return { ...whole, fields: new Map([...made.fields].map(([name, one]) => [name, withMore(one, more)])) };
}

/** A field of a field, as far down as is known. */
export function fieldOf(made: Made, path: readonly string[]): Made {
  return path.reduce(
    (inside, name) => inside.fields?.get(name.toLowerCase()) ?? { ...inside, fields: undefined },
    made,
  );
}
