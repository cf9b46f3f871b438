import { parseWords, type WordPart } from "./query";

/**
 * Comparisons in a query, beside its words:
 *
 *     late metrics.test.auc > 0.8 params.late_model.regParam <= 0.1 params.late_tree.impurity = gini
 */
type ComparisonSign = "<=" | ">=" | "!=" | "<" | ">" | "=";

export interface Comparison {
  /** What is compared, as it was written: `metrics.test.auc`. */
  name: string;
  sign: ComparisonSign;
  value: number | string | boolean;
}

export interface ComparisonQuery {
  comparisons: Comparison[];
  words: WordPart[];
  /** Names that are followed by no sign or no value. */
  incomplete: string[];
}

const NAME = String.raw`(?:metrics|params)\.[\w.]*`;
const COMPARISON = new RegExp(String.raw`(${NAME})\s*(?:(<=|>=|!=|==|<|>|=)\s*("[^"]*"|[^\s<>=!"]+)?)?`, "g");

/** Reads what a person typed. What begins with `metrics.` or `params.` is compared; all else is words. */
export function parseComparisons(text: string): ComparisonQuery {
  const comparisons: Comparison[] = [];
  const incomplete: string[] = [];
  const rest = text.replace(COMPARISON, (_, name: string, sign: string | undefined, value: string | undefined) => {
    if (sign === undefined || value === undefined) incomplete.push(name);
    else comparisons.push({ name, sign: sign === "==" ? "=" : (sign as ComparisonSign), value: valueOf(value) });
    return " ";
  });
  return { comparisons, words: parseWords(rest), incomplete };
}

function valueOf(text: string): Comparison["value"] {
  if (text.startsWith('"')) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** Whether a value is as compared. Numbers by size; texts and truth values are equal or not; lists are never. */
export function holds(found: unknown, { sign, value }: Pick<Comparison, "sign" | "value">): boolean {
  if (typeof found !== typeof value) return sign === "!=" && found !== undefined && found !== null;
  switch (sign) {
    case "=":
      return found === value;
    case "!=":
      return found !== value;
    case "<":
      return (found as number) < (value as number);
    case "<=":
      return (found as number) <= (value as number);
    case ">":
      return (found as number) > (value as number);
    case ">=":
      return (found as number) >= (value as number);
  }
}
