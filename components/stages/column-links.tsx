import { Anchor, Text } from "@mantine/core";
import Link from "next/link";
import classes from "./stages.module.css";

/** A column as a link to the feature that it is. */
export function ColumnLink({ column }: { column: string }) {
  return (
    <Anchor component={Link} href={`/features/${column}`} className={classes.column}>
      {column}
    </Anchor>
  );
}

/** Columns below each other; those beyond `most` are counted. */
export function ColumnLinks({ columns, most = 3 }: { columns: string[]; most?: number }) {
  const shown = columns.length <= most + 1 ? columns : columns.slice(0, most);
  const more = columns.slice(shown.length);
  if (columns.length === 0) return <Text c="dimmed">–</Text>;
  return (
    <ul className={classes.list}>
      {shown.map((column) => (
        <li key={column}>
          <ColumnLink column={column} />
        </li>
      ))}
      {more.length > 0 && (
        <li>
          <Text span size="xs" c="dimmed" title={more.join(", ")}>
            and {more.length} more
          </Text>
        </li>
      )}
    </ul>
  );
}
