/** A statement as DuckDB's `json_serialize_sql` writes it. Members that are null or empty are absent. */

export interface SqlNode {
  [member: string]: unknown;
}

/** What the parser makes of a text. */
export interface SerializedSql {
  error: boolean;
  error_type?: string;
  error_message?: string;
  /** Byte in the text where it stopped. */
  position?: string;
  statements?: { node: SqlNode }[];
}

export const isNode = (value: unknown): value is SqlNode =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const nodesOf = (value: unknown): SqlNode[] => listOf(value).filter(isNode);

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const textsOf = (value: unknown): string[] => listOf(value).map(textOf);

/** The text of a constant, or undefined when the node is none or of another type. */
export function textConstant(node: SqlNode | undefined): string | undefined {
  if (node?.class !== "CONSTANT" || !isNode(node.value)) return undefined;
  return typeof node.value.value === "string" ? node.value.value : undefined;
}

/** The whole number of a constant. */
export function integerConstant(node: SqlNode | undefined): number | undefined {
  if (node?.class !== "CONSTANT" || !isNode(node.value)) return undefined;
  return Number.isInteger(node.value.value) ? (node.value.value as number) : undefined;
}

/** Visits every node, outermost first. */
export function walk(value: unknown, visit: (node: SqlNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isNode(value)) {
    visit(value);
    for (const member of Object.values(value)) walk(member, visit);
  }
}
