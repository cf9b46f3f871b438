import { IconAlertTriangleFilled, IconCheck, IconHelp } from "@tabler/icons-react";
import type { MatrixCell } from "@/lib/contracts/usage";
import classes from "./usage.module.css";

const MARKS = { safe: IconCheck, leak: IconAlertTriangleFilled, unknown: IconHelp } as const;

/** A verdict as sign and word; a leak says how bad it is where that is known. */
export function VerdictMark({
  verdict,
  severity,
}: Pick<MatrixCell, "verdict"> & Partial<Pick<MatrixCell, "severity">>) {
  const Icon = MARKS[verdict];
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      <Icon size={14} aria-hidden="true" />
      {verdict === "leak" && severity ? `leak, ${severity}` : verdict}
    </span>
  );
}
