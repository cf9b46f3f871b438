import type { Meta } from "@/lib/domain/definitions/documented";
import classes from "./meta-list.module.css";

/** The free keys and values of an object; nothing where there are none. */
export function MetaList({ meta }: { meta: Meta }) {
  const entries = Object.entries(meta).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return null;
  return (
    <dl className={classes.meta} aria-label="Metadata">
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
