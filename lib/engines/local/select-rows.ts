import type { Engine } from "../engine";
import { inCalendar, quoteInstant, quoteName, quoteText } from "./quote";

type Wanted = Parameters<Engine["readRows"]>[1];

/** The query behind `readRows`. */
export function selectRows(
  file: string,
  { columns, keys, present, latestBy, asOf, sample }: Omit<Wanted, "batch">,
): string {
  const time = latestBy && quoteName(latestBy);
  const by = keys.map(quoteName);
  const names = [...new Set([...keys, ...columns])].map(quoteName);
  // A digest of the key itself: whatever else a file holds, a key has the same place in it.
  if (sample)
    names.push(
      `md5(concat_ws(chr(31), ${[quoteText(sample.seed), ...by.map((key) => `coalesce(CAST(${key} AS VARCHAR), chr(30))`)].join(", ")})) AS "$order"`,
    );
  // A row without a key, or without a time that a calendar has, belongs to nobody or to no moment: it cannot be the newest.
  const wanted = [
    ...(present || time ? by.map((key) => `${key} IS NOT NULL`) : []),
    ...(time ? [inCalendar(time)] : []),
    ...(time && asOf ? [`CAST(${time} AS TIMESTAMP) <= ${quoteInstant(asOf)}`] : []),
  ];
  return [
    `SELECT ${names.join(", ")} FROM read_parquet(${quoteText(file)})`,
    wanted.length > 0 && `WHERE ${wanted.join(" AND ")}`,
    time && `QUALIFY row_number() OVER (PARTITION BY ${by.join(", ")} ORDER BY ${time} DESC) = 1`,
    sample && `ORDER BY "$order" LIMIT ${sample.rows}`,
  ]
    .filter(Boolean)
    .join(" ");
}
