import { allOf, fieldOf, type Made, NOTHING } from "./made";

/** Rows with what each of their columns is computed from. */
export interface SqlRelation {
  /** By lower-case name, in order. */
  columns: Map<string, Made>;
  /** What every column that is not listed is made of; null when all are listed. */
  rest: Made | null;
  /** What decides which rows, groups or partners there are. */
  rows: Made;
}

/** A relation of a FROM clause. */
export interface Bound extends SqlRelation {
  /** Lower-case; empty without one. */
  alias: string;
  /** Columns that a star leaves out, because USING shows them once. */
  hidden: Set<string>;
}

/** Names that an expression may use at one level of nesting; the levels around it are asked after it. */
export interface Level {
  relations: Bound[];
  /** What USING and NATURAL joins show once. */
  merged: Map<string, Made>;
  /** Items of the same SELECT so far. */
  items: Map<string, Made>;
}

export const newLevel = (relations: Bound[] = [], merged = new Map<string, Made>()): Level => ({
  relations,
  merged,
  items: new Map(),
});

/** Takes a name as the key of a new column; a name that is taken gets a key that nobody can write. */
export function addColumn(columns: Map<string, Made>, name: string, made: Made): void {
  const key = name.toLowerCase();
  columns.set(columns.has(key) ? `${key}\u0000${columns.size}` : key, made);
}

/** Everything that the relation's columns are made of. */
export function wholeOf({ columns, rest }: SqlRelation): Made {
  return allOf([...columns.values(), ...(rest ? [rest] : [])]);
}

/** The relation under other column names, the first ones by position. */
export function renamed(relation: SqlRelation, names: readonly string[]): SqlRelation {
  if (names.length === 0) return relation;
  const columns = new Map<string, Made>();
  const present = [...relation.columns];
  names.forEach((name, index) => addColumn(columns, name, present[index]?.[1] ?? relation.rest ?? NOTHING));
  present.slice(names.length).forEach(([name, made]) => addColumn(columns, name, made));
  return { ...relation, columns };
}

export interface Found {
  made: Made;
  /** The name is a relation's: all of its columns are read. */
  wholeRow: boolean;
}

/** What a name of one or more parts is at this level; undefined when the level does not know it. */
export function findIn(level: Level, path: readonly string[]): Found | undefined {
  const [first = "", second, ...further] = path.map((name) => name.toLowerCase());
  const column = (made: Made, fields: readonly string[]): Found => ({ made: fieldOf(made, fields), wholeRow: false });
  const named = level.relations.filter((relation) => relation.alias === first);
  if (second !== undefined)
    for (const relation of named) {
      const made = relation.columns.get(second) ?? relation.rest;
      if (made) return column(made, further);
    }
  const fields = second === undefined ? [] : [second, ...further];
  const merged = level.merged.get(first);
  if (merged) return column(merged, fields);
  const having = level.relations.flatMap((relation) => relation.columns.get(first) ?? []);
  if (having.length > 0) return column(having.length === 1 ? (having[0] as Made) : allOf(having), fields);
  const item = level.items.get(first);
  if (item) return column(item, fields);
  const [whole] = named;
  if (whole && second === undefined) return { made: { ...wholeOf(whole), fields: whole.columns }, wholeRow: true };
  const open = level.relations.flatMap(({ rest }) => rest ?? []);
  if (open.length > 0) return column(allOf(open), fields);
  return undefined;
}
