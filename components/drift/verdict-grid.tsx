import { Text, Tooltip } from "@mantine/core";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { WideTable } from "@/components/ui/wide-table";
import type { MonitorVerdict } from "@/lib/contracts/monitors";
import { describeScore } from "@/lib/domain/drift/drift-words";
import { shortScore, STATE_SIGNS, STATE_WORDS } from "./drift-words";
import classes from "./drift.module.css";

const PARTIAL = "only a part of the window has data";

/** Features × windows as a monitor judged them; each cell says why. */
export function VerdictGrid({
  verdicts,
  label,
  onOpen,
}: {
  verdicts: MonitorVerdict[];
  label: string;
  /** Opens the comparison of a window, by the instant that it begins at; left out where it is not the monitor's own. */
  onOpen?: (feature: string, from: string) => void;
}) {
  const windows = [...new Set(verdicts.map(({ from }) => from))].sort();
  const features = [...new Set(verdicts.map(({ feature }) => feature))];
  const byCell = new Map(verdicts.map((verdict) => [`${verdict.feature} ${verdict.from}`, verdict]));
  if (verdicts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Not evaluated yet: no window has a profile that can be compared with the reference.
      </Text>
    );
  return (
    <WideTable label={label} minWidth={180 + windows.length * 80}>
      <table className={classes.heat}>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            {windows.map((window) => (
              <th key={window} scope="col" className={classes.month}>
                {headingOf(window, windows)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {features.map((feature) => (
            <tr key={feature}>
              <th scope="row">
                <Link href={`/features/${feature}?tab=drift`}>{feature}</Link>
              </th>
              {windows.map((window) => {
                const verdict = byCell.get(`${feature} ${window}`);
                return (
                  <td key={window}>
                    {verdict && (
                      <Tooltip
                        label={verdict.isPartial ? `${verdict.explanation} Here ${PARTIAL}.` : verdict.explanation}
                        multiline
                        maw={340}
                      >
                        <Cell
                          onOpen={onOpen && verdict.score !== null ? () => onOpen(feature, window) : undefined}
                          state={verdict.state}
                          isPartial={verdict.isPartial}
                          label={`${feature}, ${window.slice(0, 10)}: ${STATE_WORDS[verdict.state]}${verdict.score === null ? "" : `, ${describeScore(verdict.metric, verdict.score)}`}${verdict.because === "missing" ? ", because of missing values" : ""}${verdict.isPartial ? `, ${PARTIAL}` : ""}`}
                        >
                          <span aria-hidden="true">{STATE_SIGNS[verdict.state]}</span>
                          {(verdict.score !== null || verdict.because === "missing") && (
                            <span className={classes.score} aria-hidden="true">
                              {verdict.because === "missing"
                                ? `∅ ${Math.round((verdict.missing?.current ?? 0) * 100)} %`
                                : shortScore(verdict.metric, verdict.score ?? 0)}
                            </span>
                          )}
                        </Cell>
                      </Tooltip>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

/** The month or day that a window begins on; with the time where several begin on that day, as versions of a dataset may. */
function headingOf(window: string, windows: readonly string[]): string {
  const day = window.slice(0, 10);
  if (windows.some((other) => other !== window && other.startsWith(day))) return window.slice(0, 19).replace("T", " ");
  return window.slice(8) === "01T00:00:00.000Z" ? window.slice(0, 7) : day;
}

/** A button where there is something to open, and a picture with a name where there is not. Takes what a tooltip gives its target. */
function Cell({
  state,
  isPartial,
  label,
  onOpen,
  children,
  ...target
}: {
  state: MonitorVerdict["state"];
  isPartial: boolean;
  label: string;
  onOpen: (() => void) | undefined;
  children: ReactNode;
} & ComponentProps<"button"> &
  ComponentProps<"span">) {
  const shared = {
    className: classes.cell,
    "data-state": state,
    "data-partial": isPartial || undefined,
    "aria-label": label,
  };
  return onOpen ? (
    <button type="button" {...target} {...shared} onClick={onOpen}>
      {children}
    </button>
  ) : (
    <span {...target} {...shared} tabIndex={0} role="img">
      {children}
    </span>
  );
}
