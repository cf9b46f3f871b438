import { VisuallyHidden } from "@mantine/core";
import type { DiffLine } from "@/lib/domain/specs/line-diff";
import classes from "./definitions.module.css";

const SIGN = { same: " ", added: "+", removed: "−" } as const;
const WORD = { same: "", added: "added: ", removed: "removed: " } as const;

/** Two documents as one list of lines. */
export function DiffLines({ lines, label = "Difference of the definitions" }: { lines: DiffLine[]; label?: string }) {
  return (
    <div className={classes.diff} role="group" aria-label={label} tabIndex={0}>
      <table>
        <tbody>
          {lines.map((line, index) => (
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
