import { Text, VisuallyHidden } from "@mantine/core";
import type { FeatureEvidence } from "@/lib/contracts/change-evidence";
import classes from "./changes.module.css";
import { lineDiff } from "./line-diff";

const SIGN = { same: " ", added: "+", removed: "−" } as const;
const WORD = { same: "", added: "added: ", removed: "removed: " } as const;

/** The two declared documents, line by line. */
export function DefinitionDiffView({ definition }: { definition: FeatureEvidence["definition"] }) {
  const { before, after, changes } = definition;
  if (!before)
    return (
      <>
        <Text size="sm" mb="sm">
          The environment serves no version yet. Version {after.version} is written by <code>{after.writer}</code>:
        </Text>
        <Lines before="" after={after.text} />
      </>
    );
  const count = (kind: string) => changes.filter((change) => change.kind === kind).length;
  return (
    <>
      <Text size="sm" mb="sm">
        <code>{before.writer}</code> (version {before.version}) → <code>{after.writer}</code> (version {after.version}):{" "}
        {changes.length === 0
          ? "the definition is the same; what it reads differs, as the plan shows."
          : `${count("changed")} changed, ${count("added")} added, ${count("removed")} removed.`}
      </Text>
      <Lines before={before.text} after={after.text} />
    </>
  );
}

function Lines({ before, after }: { before: string; after: string }) {
  return (
    <div className={classes.diff} role="region" aria-label="Difference of the definitions" tabIndex={0}>
      <table>
        <tbody>
          {lineDiff(before, after).map((line, index) => (
            <tr key={index} data-kind={line.kind}>
              <td className={classes.lineNumber}>{line.before}</td>
              <td className={classes.lineNumber}>{line.after}</td>
              <td className={classes.sign} aria-hidden="true">
                {SIGN[line.kind]}
              </td>
              <td className={classes.line}>
                <VisuallyHidden>{WORD[line.kind]}</VisuallyHidden>
                {line.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
