/**
 * Reads a statement's tree: resolves every name in its scope, and says what each column of the result is computed from. A
 * relation is `__THIS__` or a WITH table in scope, or the statement is refused. A column that resolves to nothing is DuckDB's to
 * refuse, which binds the statement to the declared columns alone; what is made of it is not exact.
 */
import { BARE_FUNCTIONS, isAggregate, ROW_MAKERS } from "./allowed-functions";
import { checkCalls } from "./check-calls";
import { allOf, fieldOf, type Made, NOTHING, withMore } from "./made";
import { SqlRefusal } from "./sql-refusal";
import { addColumn, type Bound, findIn, type Level, newLevel, renamed, type SqlRelation, wholeOf } from "./sql-scope";
import { integerConstant, isNode, listOf, nodesOf, type SerializedSql, type SqlNode, textConstant, textOf, textsOf, walk } from "./syntax-tree"; // prettier-ignore

export const THIS = "__THIS__";

/** Longer ones take the parser's memory, and nobody reads them. */
export const LONGEST_STATEMENT = 50_000;

export interface SelectReading {
  /** The result's columns and rows. */
  result: SqlRelation;
  /** Where the text reads `__THIS__`, in bytes, and whether it gives it another name there. */
  places: { offset: number; hasAlias: boolean }[];
  /** `SELECT *, expression AS name, … FROM __THIS__` and nothing else: it keeps every row by its form. */
  isProjection: boolean;
  /** A further column of `__THIS__` would change no value of the result: nothing reads rows as a whole, or tells them apart by all they have. */
  ignoresOtherColumns: boolean;
  /** Columns that no scope has. */
  unresolved: string[];
}

type Tables = ReadonlyMap<string, SqlRelation>;

/**
 * Throws `SqlRefusal` for a text that is not one SELECT over `__THIS__` that gives the same values at every run.
 * @param input names of the columns of `__THIS__`, as the statement writes them
 * @param identity names that it has besides: join keys and event time. They are made of nothing.
 */
export function readSelect(
  parsed: SerializedSql,
  input: readonly string[],
  identity: readonly string[] = [],
): SelectReading {
  const tree = selectOf(parsed);
  checkCalls(tree);
  const reader = new Reader(input, identity);
  try {
    const result = reader.query(tree, new Map(), []);
    if (reader.places.size === 0) throw new SqlRefusal(`does not read ${THIS}`, textOf(tree.type));
    const ignoresOtherColumns = !reader.readsWholeRows && !comparesWholeRows(tree);
    return {
      result,
      places: [...reader.places].map(([offset, hasAlias]) => ({ offset, hasAlias })),
      isProjection: ignoresOtherColumns && isProjection(tree),
      ignoresOtherColumns,
      unresolved: [...reader.unresolved],
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SqlRefusal("is nested too deeply", "a deeper nesting than can be read");
  }
}

function selectOf({ error, error_type, error_message, statements = [] }: SerializedSql): SqlNode {
  if (error && error_type === "parser")
    throw new SqlRefusal(`is not SQL that DuckDB understands: ${error_message}`, error_message ?? "");
  if (error) throw new SqlRefusal("is not a SELECT, and only a SELECT may run", error_message ?? "");
  const [first] = statements;
  if (statements.length !== 1 || !first)
    throw new SqlRefusal(`holds ${statements.length} statements, and only one may run`, `${statements.length} statements`); // prettier-ignore
  return first.node;
}

const LAMBDA_TAKERS = /^(list|array)_(transform|apply|filter|reduce)$|^(apply|filter|reduce)$/;

class Reader {
  /** Byte → whether the relation has another name there. */
  readonly places = new Map<number, boolean>();
  readonly unresolved = new Set<string>();
  readsWholeRows = false;
  private readonly everything: Made;
  private readonly base: SqlRelation;

  constructor(input: readonly string[], identity: readonly string[]) {
    this.everything = { from: new Set(input), exact: false };
    const columns = new Map<string, Made>(identity.map((name) => [name.toLowerCase(), NOTHING]));
    for (const name of input) columns.set(name.toLowerCase(), { from: new Set([name]), exact: true });
    this.base = { columns, rest: null, rows: NOTHING };
  }

  // ---- queries -------------------------------------------------------------------------------------------------------

  query(node: SqlNode, outer: Tables, around: readonly Level[]): SqlRelation {
    const tables = this.withTables(node, outer, around);
    switch (node.type) {
      case "SELECT_NODE":
        return this.select(node, tables, around);
      case "SET_OPERATION_NODE":
        return this.setOperation(node, tables, around);
      case "RECURSIVE_CTE_NODE":
        return this.recursive(node, tables, around);
      default:
        throw new SqlRefusal(`uses ${textOf(node.type)}, and only a SELECT may run`, textOf(node.type));
    }
  }

  private withTables(node: SqlNode, outer: Tables, around: readonly Level[]): Tables {
    const entries = isNode(node.cte_map) ? nodesOf(node.cte_map.map) : [];
    if (entries.length === 0) return outer;
    const tables = new Map(outer);
    for (const { key, value } of entries) {
      const name = textOf(key);
      if (name.toLowerCase() === THIS.toLowerCase())
        throw new SqlRefusal(`names a WITH table ${name}, which hides the rows that the stage reads`, name);
      if (!isNode(value)) continue;
      for (const member of ["key_targets", "payload_aggregates"]) this.expressions(value[member], [], tables);
      tables.set(name.toLowerCase(), renamed(this.query(queryOf(value.query), tables, around), textsOf(value.aliases)));
    }
    return tables;
  }

  private setOperation(node: SqlNode, tables: Tables, around: readonly Level[]): SqlRelation {
    const given = [node.left, node.right, ...listOf(node.children)].filter(isNode);
    const sides = given.map((side) => this.query(queryOf(side), tables, around));
    const kind = textOf(node.setop_type);
    const keepsAll = kind.startsWith("UNION") && node.setop_all === true;
    // Which side a row comes from is part of what its values say.
    const rows = allOf([...sides.map((side) => side.rows), ...(keepsAll ? [] : sides.map(wholeOf))]);
    const result = sides.reduce((left, right) =>
      kind.endsWith("BY_NAME") ? byName(left, right) : byPosition(left, right),
    );
    const columns = new Map([...result.columns].map(([name, made]) => [name, withMore(made, rows)]));
    const level = newLevel([bound("", { ...result, columns })]);
    const order = this.modifiers(node, columns, [level, ...around], tables);
    return { columns, rest: result.rest && withMore(result.rest, rows), rows: allOf([rows, order]) };
  }

  private recursive(node: SqlNode, tables: Tables, around: readonly Level[]): SqlRelation {
    let result = this.query(queryOf(node.left as SqlNode), tables, around);
    const name = textOf(node.cte_name).toLowerCase();
    for (let before = -1, size = 0; size !== before;) {
      before = size;
      const step = this.query(queryOf(node.right as SqlNode), new Map(tables).set(name, result), around);
      const rows = allOf([result.rows, step.rows]);
      const both = byPosition(result, step);
      result = { ...both, columns: new Map([...both.columns].map(([key, made]) => [key, withMore(made, rows)])), rows };
      size = [...result.columns.values(), rows].reduce((sum, made) => sum + made.from.size + (made.exact ? 0 : 1), 0);
    }
    return result;
  }

  private select(node: SqlNode, tables: Tables, around: readonly Level[]): SqlRelation {
    const from = this.from(node.from_table, tables, around, []);
    const level = newLevel(from.relations, from.merged);
    const levels = [level, ...around];
    const rows: Made[] = [from.rows];
    const columns = new Map<string, Made>();
    const plain: Made[] = [];
    let rest: Made | null = null;
    for (const item of nodesOf(node.select_list)) {
      const isPlain = item.class === "STAR" && !/[\\]/.test(textOf(item.alias));
      const listed = isPlain ? this.star(item, levels, tables) : undefined;
      if (listed) {
        if (item.columns === true) this.readsWholeRows = true;
        for (const [name, made] of listed) {
          addColumn(columns, textOf(item.alias) || name, made);
          plain.push(made);
        }
        const only = textOf(item.relation_name).toLowerCase();
        for (const { alias, rest: more } of level.relations)
          if (more && (only === "" || alias === only)) rest = allOf(rest ? [rest, more] : [more]);
        continue;
      }
      const made = this.expression(item, levels, tables);
      if (manyColumns(item)) {
        // As many columns as the star has, of names that are not known.
        this.readsWholeRows = true;
        rest = { ...allOf([made, ...(rest ? [rest] : [])]), exact: false };
        continue;
      }
      const name = nameOf(item) ?? `\u0000${columns.size}`;
      addColumn(columns, name, made);
      level.items.set(name.toLowerCase(), made);
      if (!aggregates(item)) plain.push(made);
    }
    const result = [...columns.values()];
    for (const clause of [node.where_clause, node.having, node.qualify])
      rows.push(this.expressions(clause, levels, tables));
    for (const group of nodesOf(node.group_expressions)) {
      const position = integerConstant(group);
      rows.push((position === undefined ? undefined : result[position - 1]) ?? this.expression(group, levels, tables));
    }
    // GROUP BY ALL: by every item that aggregates nothing.
    if (node.aggregate_handling === "FORCE_AGGREGATES") rows.push(...plain);
    rows.push(this.modifiers(node, columns, levels, tables));
    return { columns, rest, rows: allOf(rows) };
  }

  /** What DISTINCT, and ORDER BY with a LIMIT, let decide about rows. */
  private modifiers(node: SqlNode, columns: Map<string, Made>, levels: readonly Level[], tables: Tables): Made {
    const modifiers = nodesOf(node.modifiers);
    const isLimited = modifiers.some(({ type }) => textOf(type).startsWith("LIMIT"));
    const rows: Made[] = [];
    let isPicked = isLimited;
    for (const modifier of modifiers) {
      if (modifier.type !== "DISTINCT_MODIFIER") continue;
      const targets = nodesOf(modifier.distinct_on_targets);
      if (targets.length === 0) rows.push(...columns.values());
      else isPicked = true;
      rows.push(...targets.map((target) => this.ordinal(target, columns) ?? this.expression(target, levels, tables)));
    }
    for (const modifier of modifiers) {
      if (modifier.type === "DISTINCT_MODIFIER") continue;
      const made = nodesOf(modifier.orders).map(
        ({ expression }) =>
          (isNode(expression) ? this.ordinal(expression, columns) : undefined) ??
          this.expressions(expression, levels, tables),
      );
      if (isPicked) rows.push(...made);
      rows.push(this.expressions([modifier.limit, modifier.offset], levels, tables));
    }
    return allOf(rows);
  }

  /** The column that a whole number stands for. */
  private ordinal(node: SqlNode, columns: Map<string, Made>): Made | undefined {
    const position = integerConstant(node);
    return position === undefined ? undefined : [...columns.values()][position - 1];
  }

  // ---- FROM ----------------------------------------------------------------------------------------------------------

  /** @param beside relations to the left, which a lateral one may read */
  private from(node: unknown, tables: Tables, around: readonly Level[], beside: Bound[]): From {
    const none: From = { relations: [], merged: new Map(), rows: NOTHING, isTable: false };
    if (!isNode(node)) return none;
    const one = (alias: string, relation: SqlRelation, isTable = false): From => {
      const named = renamed(relation, textsOf(node.column_name_alias));
      return { relations: [bound(alias, named)], merged: new Map(), rows: named.rows, isTable };
    };
    const alias = textOf(node.alias);
    const lateral = beside.length > 0 ? [newLevel(beside), ...around] : around;
    switch (node.type) {
      case "EMPTY":
      case "EMPTY_FROM":
        return none;
      case "BASE_TABLE": {
        const name = textOf(node.table_name);
        return one(alias || name, this.table(node, name, tables), true);
      }
      case "SUBQUERY":
        return one(alias, this.query(queryOf(node.subquery), tables, lateral), true);
      case "JOIN":
        return this.join(node, tables, around, beside);
      case "TABLE_FUNCTION": {
        const made = this.expressions(isNode(node.function) ? node.function.children : null, lateral, tables);
        const name = isNode(node.function) ? textOf(node.function.function_name).toLowerCase() : "";
        return one(alias || name, { columns: new Map(), rest: made, rows: made });
      }
      case "EXPRESSION_LIST": {
        const columns = new Map<string, Made>();
        for (const row of listOf(node.values))
          nodesOf(row).forEach((value, index) => {
            const made = this.expression(value, lateral, tables);
            columns.set(`col${index}`, allOf([made, columns.get(`col${index}`) ?? NOTHING]));
          });
        return one(alias, { columns, rest: null, rows: NOTHING });
      }
      case "PIVOT": {
        this.readsWholeRows = true;
        const source = this.from(node.source, tables, around, beside);
        const level = newLevel(source.relations, source.merged);
        this.expressions([node.aggregates, node.pivots, node.groups], [level, ...around], tables);
        return one(alias, { columns: new Map(), rest: this.everything, rows: this.everything });
      }
      default:
        throw new SqlRefusal(`uses ${textOf(node.type)}, and only tables, joins and subqueries may be read`, textOf(node.type)); // prettier-ignore
    }
  }

  private table(node: SqlNode, name: string, tables: Tables): SqlRelation {
    const isQualified = textOf(node.schema_name) !== "" || textOf(node.catalog_name) !== "";
    if (isNode(node.at_clause)) throw new SqlRefusal(`reads ${name} as of a version, and it has none`, name);
    if (!isQualified && name.toLowerCase() === THIS.toLowerCase()) {
      if (typeof node.query_location !== "number") throw new SqlRefusal(`reads ${THIS} where it cannot be found in the text`, name); // prettier-ignore
      this.places.set(node.query_location, textOf(node.alias) !== "");
      return this.base;
    }
    const found = isQualified ? undefined : tables.get(name.toLowerCase());
    if (!found) throw new SqlRefusal(`reads ${name}, and only ${THIS} and its own WITH tables may be read`, name);
    return found;
  }

  private join(node: SqlNode, tables: Tables, around: readonly Level[], beside: Bound[]): From {
    const left = this.from(node.left, tables, around, beside);
    const right = this.from(node.right, tables, around, [...beside, ...left.relations]);
    const shared = node.ref_type === "NATURAL" ? commonNames(left, right) : textsOf(node.using_columns);
    const both = newLevel([...left.relations, ...right.relations], new Map([...left.merged, ...right.merged]));
    const link = allOf([
      this.expressions(node.condition, [both, ...around], tables),
      ...shared.flatMap((name) => [this.sharedColumn(left, name), this.sharedColumn(right, name)]),
      ...(node.ref_type === "NATURAL" && [...left.relations, ...right.relations].some(({ rest }) => rest) ? [this.everything] : []), // prettier-ignore
    ]);
    const rows = allOf([left.rows, right.rows, link]);
    const kind = textOf(node.join_type) || "INNER";
    if (kind === "SEMI" || kind === "ANTI") return { ...left, rows };
    const leading = leadingSide(kind, left, right);
    // Which row of the other side a value comes from is decided by the condition, and by what decides about that side's rows.
    const led = (side: From) => (side === leading ? side.relations : side.relations.map((one) => carrying(one, allOf([link, side.rows])))); // prettier-ignore
    const [lefts, rights] = [led(left), led(right)];
    const merged = new Map([...left.merged, ...right.merged]);
    for (const name of shared) {
      const key = name.toLowerCase();
      const [ofLeft, ofRight] = [this.sharedColumn(left, name), this.sharedColumn(right, name)];
      merged.set(
        key,
        kind === "RIGHT" ? ofRight : kind === "OUTER" || kind === "FULL" ? allOf([ofLeft, ofRight]) : ofLeft,
      );
      rights.forEach((relation) => relation.hidden.add(key));
    }
    return { relations: [...lefts, ...rights], merged, rows, isTable: left.isTable || right.isTable };
  }

  private sharedColumn(side: From, name: string): Made {
    return findIn(newLevel(side.relations, side.merged), [name])?.made ?? this.lost([name]);
  }

  // ---- expressions ---------------------------------------------------------------------------------------------------

  /** What everything in it is made of, inner queries included. */
  private expressions(value: unknown, levels: readonly Level[], tables: Tables): Made {
    if (Array.isArray(value)) return value.length === 0 ? NOTHING : allOf(value.map((item) => this.expressions(item, levels, tables))); // prettier-ignore
    if (!isNode(value)) return NOTHING;
    if (typeof value.class === "string") return this.expression(value, levels, tables);
    return allOf(Object.values(value).map((member) => this.expressions(member, levels, tables)));
  }

  private expression(node: SqlNode, levels: readonly Level[], tables: Tables): Made {
    const inside = (...members: unknown[]) => this.expressions(members, levels, tables);
    switch (node.class) {
      case "COLUMN_REF":
        return this.column(textsOf(node.column_names), levels);
      case "CONSTANT":
        return NOTHING;
      case "POSITIONAL_REFERENCE": {
        return this.star({}, levels, tables)?.[Number(node.index) - 1]?.[1] ?? this.everything;
      }
      case "STAR": {
        this.readsWholeRows = true;
        const listed = this.star(node, levels, tables);
        const open = levels.flatMap(({ relations }) => relations.flatMap(({ rest }) => rest ?? []));
        return allOf([...(listed ?? []).map(([, made]) => made), ...open, ...(listed ? [] : [this.everything])]);
      }
      case "SUBQUERY": {
        const relation = this.query(queryOf(node.subquery), tables, levels);
        return allOf([wholeOf(relation), relation.rows, inside(node.child)]);
      }
      case "FUNCTION":
        return this.call(node, levels, tables);
      case "OPERATOR": {
        const [value, name] = nodesOf(node.children);
        const field = node.type === "ARRAY_EXTRACT" || node.type === "STRUCT_EXTRACT" ? textConstant(name) : undefined;
        if (value && field !== undefined) return fieldOf(this.expression(value, levels, tables), [field]);
        return inside(node.children);
      }
      case "CAST":
        return withoutFields(inside(node.child));
      default:
        return withoutFields(inside(...Object.entries(node).filter(([name]) => name !== "class").map(([, member]) => member))); // prettier-ignore
    }
  }

  private call(node: SqlNode, levels: readonly Level[], tables: Tables): Made {
    const name = textOf(node.function_name).toLowerCase();
    const children = nodesOf(node.children);
    const made: Made[] = [this.expressions([node.filter, node.order_bys], levels, tables)];
    const [schema, catalog] = [textOf(node.schema), textOf(node.catalog)];
    // `x.f(y)` is f(x, y) where x is a column.
    if (schema !== "" && schema !== "main") made.push(this.column([...(catalog ? [catalog] : []), schema], levels));
    if (name === "struct_pack") {
      const fields = new Map(
        children.map((child): [string, Made] => [
          (nameOf(child) ?? "").toLowerCase(),
          this.expression(child, levels, tables),
        ]),
      );
      return { ...allOf([...made, ...fields.values()]), fields };
    }
    const [value, key] = children;
    if (name === "struct_extract" && value && textConstant(key) !== undefined)
      return fieldOf(this.expression(value, levels, tables), [textConstant(key) ?? ""]);
    for (const child of children) {
      if (child.class !== "LAMBDA" || !LAMBDA_TAKERS.test(name)) made.push(this.expression(child, levels, tables));
      else {
        // Its parameters hide columns of the same name; what they are made of is said by the other arguments.
        const parameters = newLevel();
        walk(child.lhs, ({ column_names }) => textsOf(column_names).forEach((one) => parameters.items.set(one.toLowerCase(), NOTHING))); // prettier-ignore
        made.push(this.expressions(child.expr, [parameters, ...levels], tables));
      }
    }
    return allOf(made);
  }

  private column(path: readonly string[], levels: readonly Level[]): Made {
    for (const level of levels) {
      const found = findIn(level, path);
      if (!found) continue;
      if (found.wholeRow) this.readsWholeRows = true;
      return found.made;
    }
    const [name = ""] = path;
    if (path.length === 1 && BARE_FUNCTIONS.has(name.toLowerCase()))
      throw new SqlRefusal(`reads ${name}, which is another value at every run; read the moment from a column, so that the run can be reproduced`, name); // prettier-ignore
    return this.lost(path);
  }

  private lost(path: readonly string[]): Made {
    this.unresolved.add(path.join("."));
    return this.everything;
  }

  /** The columns of a star or of COLUMNS at the innermost level with relations; undefined where the choice is computed. */
  private star(node: SqlNode, levels: readonly Level[], tables: Tables): [name: string, made: Made][] | undefined {
    const level = levels.find(({ relations }) => relations.length > 0);
    const chosen = isNode(node.expr) ? chooser(node.expr) : () => true;
    if (!level) return [];
    if (!chosen) return undefined;
    const only = textOf(node.relation_name).toLowerCase();
    const excluded = new Set([...textsOf(node.exclude_list), ...nodesOf(node.qualified_exclude_list).map(({ column }) => textOf(column))].map((name) => name.toLowerCase())); // prettier-ignore
    const replaced = new Map(nodesOf(node.replace_list).map(({ key, value }) => [textOf(key).toLowerCase(), value]));
    const names = new Map(
      nodesOf(node.rename_list).map(({ key, value }) => [
        textOf(isNode(key) ? key.column : key).toLowerCase(),
        textOf(value),
      ]),
    );
    const given = level.relations.filter(({ alias }) => only === "" || alias === only);
    return given
      .flatMap((relation) =>
        [...relation.columns]
          .filter(([name]) => only !== "" || !relation.hidden.has(name))
          .map(([name, made]): [string, Made] => [name, (only === "" ? level.merged.get(name) : undefined) ?? made]),
      )
      .filter(([name]) => !excluded.has(name) && chosen(name))
      .map(([name, made]) => {
        const value = replaced.get(name);
        return [names.get(name) ?? name, isNode(value) ? this.expression(value, levels, tables) : made];
      });
  }
}

interface From {
  relations: Bound[];
  merged: Map<string, Made>;
  rows: Made;
  /** Rows of a table or an inner query, not of arguments. */
  isTable: boolean;
}

const bound = (alias: string, relation: SqlRelation): Bound => ({
  ...relation,
  alias: alias.toLowerCase(),
  hidden: new Set(),
});

function carrying(relation: Bound, more: Made): Bound {
  const columns = new Map([...relation.columns].map(([name, made]) => [name, withMore(made, more)]));
  return { ...relation, columns, rest: relation.rest && withMore(relation.rest, more) };
}

/** The side whose rows a join keeps as they are, so that its values say nothing of the condition; null for neither. */
function leadingSide(kind: string, left: From, right: From): From | null {
  if (kind === "OUTER" || kind === "FULL") return null;
  if (kind === "LEFT") return left;
  if (kind === "RIGHT") return right;
  const keepsAll = ({ isTable, rows }: From) => isTable && rows.exact && rows.from.size === 0;
  return !keepsAll(left) && keepsAll(right) ? right : left;
}

function commonNames(left: From, right: From): string[] {
  const names = (side: From) => new Set(side.relations.flatMap(({ columns }) => [...columns.keys()]));
  const others = names(right);
  return [...names(left)].filter((name) => others.has(name));
}

function byPosition(left: SqlRelation, right: SqlRelation): SqlRelation {
  const others = [...right.columns.values()];
  const columns = new Map(
    [...left.columns].map(([name, made], index): [string, Made] => {
      const other = others[index] ?? right.rest;
      return [name, other ? allOf([made, other]) : made];
    }),
  );
  return { columns, rest: restOf(left, right), rows: NOTHING };
}

function byName(left: SqlRelation, right: SqlRelation): SqlRelation {
  const columns = new Map(left.columns);
  for (const [name, made] of right.columns) {
    const other = columns.get(name);
    columns.set(name, other ? allOf([other, made]) : made);
  }
  return { columns, rest: restOf(left, right), rows: NOTHING };
}

/** Where one side's columns are not known, their places are not either. */
function restOf(left: SqlRelation, right: SqlRelation): Made | null {
  if (!left.rest && !right.rest) return null;
  return { ...allOf([wholeOf(left), wholeOf(right)]), exact: false };
}

const withoutFields = ({ from, exact }: Made): Made => ({ from, exact });

/** Inner queries are wrapped in some places and not in others. */
function queryOf(value: unknown): SqlNode {
  if (!isNode(value)) return {};
  return isNode(value.node) ? value.node : value;
}

/** The name that an item of a SELECT has without being given one. */
function nameOf(item: SqlNode): string | undefined {
  return textOf(item.alias) || (item.class === "COLUMN_REF" ? textsOf(item.column_names).at(-1) : undefined);
}

/** Which names COLUMNS chooses; undefined where that is computed. */
function chooser(node: SqlNode): ((name: string) => boolean) | undefined {
  const pattern = textConstant(node);
  if (pattern !== undefined) {
    try {
      const expression = new RegExp(pattern, "i");
      return (name) => expression.test(name);
    } catch {
      return undefined;
    }
  }
  if (node.class !== "FUNCTION" || node.function_name !== "list_value") return undefined;
  const names = nodesOf(node.children).map(textConstant);
  if (names.includes(undefined)) return undefined;
  const listed = new Set(names.map((name) => name?.toLowerCase()));
  return (name) => listed.has(name);
}

/** Whether an item of a SELECT becomes as many columns as a star in it has. */
function manyColumns(item: SqlNode): boolean {
  if (item.class === "STAR") return true;
  if (item.class === "FUNCTION" && nodesOf(item.children).some((child) => child.class === "STAR")) return true;
  const spreads = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(spreads);
    if (!isNode(value) || value.class === "SUBQUERY" || value.type === "OPERATOR_UNPACK") return false;
    return (value.class === "STAR" && value.columns === true) || Object.values(value).some(spreads);
  };
  return spreads(item);
}

function aggregates(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(aggregates);
  if (!isNode(value) || value.class === "SUBQUERY") return false;
  if (value.class === "FUNCTION" && isAggregate(textOf(value.function_name).toLowerCase())) return true;
  return Object.values(value).some(aggregates);
}

/** Whether a further column of the input would tell rows apart that are equal without it, or change how many columns there are. */
function comparesWholeRows(tree: SqlNode): boolean {
  let compares = false;
  walk(tree, (node) => {
    compares ||=
      node.type === "SET_OPERATION_NODE" ||
      node.type === "RECURSIVE_CTE_NODE" ||
      node.ref_type === "NATURAL" ||
      node.aggregate_handling === "FORCE_AGGREGATES" ||
      (node.type === "DISTINCT_MODIFIER" && listOf(node.distinct_on_targets).length === 0);
  });
  return compares;
}

function isProjection(node: SqlNode): boolean {
  const from = node.from_table;
  const [star, ...items] = nodesOf(node.select_list);
  if (node.type !== "SELECT_NODE" || !isNode(from) || from.type !== "BASE_TABLE") return false;
  const without = (of: SqlNode, ...members: string[]) =>
    members.every((name) => of[name] === undefined || of[name] === null || listOf(of[name]).length === 0 && Array.isArray(of[name])); // prettier-ignore
  if (!without(from, "column_name_alias", "sample")) return false;
  if (!without(node, "modifiers", "where_clause", "group_expressions", "group_sets", "having", "qualify", "sample"))
    return false;
  if (isNode(node.cte_map) && listOf(node.cte_map.map).length > 0) return false;
  if (star?.class !== "STAR" || star.columns === true || textOf(star.relation_name) !== "") return false;
  if (!without(star, "exclude_list", "replace_list", "rename_list", "qualified_exclude_list", "expr")) return false;
  if (items.some((item) => item.class === "STAR" || textOf(item.alias) === "")) return false;
  let makesRows = false;
  walk(items, (item) => {
    if (item.class === "FUNCTION" && ROW_MAKERS.has(textOf(item.function_name).toLowerCase())) makesRows = true;
  });
  return !makesRows;
}
