/** Whether a statement computes every row from that row alone, so that it may be asked about a few rows as about all. */
import { isAggregate } from "./allowed-functions";
import { readSelect } from "./read-select";
import { listOf, type SerializedSql, textOf, textsOf, walk } from "./syntax-tree";

/** @param names columns of `__THIS__`. Throws `SqlRefusal` for what may not run at all. */
export function isRowByRow(parsed: SerializedSql, names: readonly string[]): boolean {
  if (!readSelect(parsed, names).isProjection) return false;
  let looksBeyond = false;
  walk(parsed.statements, (node) => {
    looksBeyond ||=
      node.class === "WINDOW" ||
      node.class === "SUBQUERY" ||
      (node.class === "FUNCTION" && isAggregate(textOf(node.function_name).toLowerCase()));
  });
  return !looksBeyond;
}

/** Names of the columns that a statement mentions, in lower case, without what qualifies them. */
export function columnsNamed(parsed: SerializedSql): Set<string> {
  const names = new Set<string>();
  walk(parsed.statements, (node) => {
    if (node.class !== "COLUMN_REF" || listOf(node.column_names).length === 0) return;
    for (const name of textsOf(node.column_names)) names.add(name.toLowerCase());
  });
  return names;
}
