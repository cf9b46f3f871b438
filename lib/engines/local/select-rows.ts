import type { Engine } from "../engine";
import { quoteName, quoteText } from "./quote";

type Wanted = Parameters<Engine["readRows"]>[1];

/** The query behind `readRows`. */
export function selectRows(file: string, { columns, keys, latestBy, asOf, sample }: Omit<Wanted, "batch">): string {
  const time = latestBy && quoteName(latestBy);
  const by = keys.map(quoteName);
  const names = [...new Set([...keys, ...columns])].map(quoteName);
  // A digest of the key itself: whatever else a file holds, a key has the same place in it.
  if (sample)
    names.push(
      `md5(concat_ws(chr(31), ${[quoteText(sample.seed), ...by.map((key) => `coalesce(CAST(${key} AS VARCHAR), chr(30))`)].join(", ")})) AS "$order"`,
    );
  return [
    `SELECT ${names.join(", ")} FROM read_parquet(${quoteText(file)})`,
    time &&
      asOf &&
      `WHERE ${time} IS NULL OR CAST(${time} AS TIMESTAMP) <= TIMESTAMP ${quoteText(asOf.replace("Z", ""))}`,
    time && `QUALIFY row_number() OVER (PARTITION BY ${by.join(", ")} ORDER BY ${time} DESC NULLS LAST) = 1`,
    sample && `ORDER BY "$order" LIMIT ${sample.rows}`,
  ]
    .filter(Boolean)
    .join(" ");
}
