import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Json } from "@/lib/domain/definitions/rule";
import { quoteInstant, quoteNumber, quoteText } from "../quote";

/** A value of a rule as an SQL literal of the column's type. Throws `invalid` when the column cannot hold such a value. */
export function literal(value: Json, type: ColumnType, what: string): string {
  const text = String(value);
  switch (type) {
    case "bigint":
      if (/^-?\d+$/.test(text)) return `${text}::HUGEINT`;
      if (typeof value === "number") return quoteNumber(value);
      break;
    case "double":
      if (typeof value === "number" || (text.trim() !== "" && !Number.isNaN(Number(text))))
        return quoteNumber(Number(value));
      break;
    case "boolean":
      if (typeof value === "boolean") return text.toUpperCase();
      break;
    case "string":
      return quoteText(text);
    case "date":
    case "timestamp":
      if (typeof value === "string" && !Number.isNaN(Date.parse(value))) return quoteInstant(value);
      break;
    case "vector":
    case "strings":
      break;
  }
  throw new DomainError("invalid", `${what} is ${type}, which ${JSON.stringify(value)} cannot be compared with.`);
}
