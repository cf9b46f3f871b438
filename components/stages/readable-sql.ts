/** Longest line that needs no break. */
const WIDE = 90;

/**
 * An SQL expression with line breaks where people would put them: the branches of a CASE below each other, by depth, and long
 * conditions, sums and lists over several lines. Only white space changes; texts and quoted names are left alone.
 */
export function readableSql(expression: string): string {
  if (expression.length <= WIDE) return expression;
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const breakLine = (extra = 0) => {
    if (line.trim() !== "") lines.push(line.trimEnd());
    line = "  ".repeat(depth + extra);
  };
  for (const token of expression.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+|[A-Za-z_]\w*|[^\s\w]|\w+/g) ?? []) {
    const word = token.toUpperCase();
    if (/^\s+$/.test(token)) {
      if (line.trim() !== "") line += " ";
      continue;
    }
    if (word === "WHEN" || word === "ELSE") breakLine();
    if ((word === "AND" || word === "OR" || token === "+") && line.length > WIDE - 20) breakLine(2);
    if (word === "END") {
      depth = Math.max(0, depth - 1);
      breakLine();
    }
    line += token;
    if (word === "CASE") depth += 1;
    else if (token === "," && line.length > WIDE - 20) breakLine(2);
  }
  breakLine();
  return lines.join("\n");
}
