import { nounOf, ObjectLink } from "@/components/definitions/object-link";
import type { SpecDifference } from "@/lib/contracts/specs";
import classes from "./specs.module.css";

const DOES = { create: "new", change: "changed", replace: "a new version", retire: "retired" } as const;
const MOST_CHANGES = 12;
const MOST_READERS = 8;

/** What applying documents does, object by object, with who reads what changes. */
export function SpecDifferences({ differences, applied }: { differences: SpecDifference[]; applied: boolean }) {
  return (
    <ul className={classes.differences}>
      {differences.map((difference) => (
        <li key={`${difference.kind} ${difference.name}`}>
          {nounOf(difference.kind)}{" "}
          {applied && difference.action !== "retire" ? (
            <ObjectLink kind={difference.kind} name={difference.name} />
          ) : (
            <b>{difference.name}</b>
          )}
          : {DOES[difference.action]}
          <Changes {...difference} />
        </li>
      ))}
    </ul>
  );
}

function Changes({ changes, consequences }: SpecDifference) {
  if (changes.length === 0 && consequences.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {changes.slice(0, MOST_CHANGES).map(({ path, kind, before, after }) => (
        <li key={path}>
          {path}: {kind !== "added" && <del>{short(before)}</del>}
          {kind === "changed" && " → "}
          {kind !== "removed" && <ins>{short(after)}</ins>}
        </li>
      ))}
      {changes.length > MOST_CHANGES && <li>and {changes.length - MOST_CHANGES} more</li>}
      {consequences.length > 0 && (
        <li className={classes.quiet}>
          read by{" "}
          {consequences
            .slice(0, MOST_READERS)
            .map(({ kind, name }) => `${kind} ${name}`)
            .join(", ")}
          {consequences.length > MOST_READERS && ` and ${consequences.length - MOST_READERS} more`}
        </li>
      )}
    </ul>
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
