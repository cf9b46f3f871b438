import { Text, Tooltip } from "@mantine/core";
import Link from "next/link";
import { WideTable } from "@/components/ui/wide-table";
import type { MonitorVerdict } from "@/lib/contracts/monitors";
import { describeScore, shortScore, STATE_SIGNS, STATE_WORDS } from "./drift-words";
import classes from "./drift.module.css";

/** Features × windows as a monitor judged them; each cell says why. */
export function VerdictGrid({ verdicts, label }: { verdicts: MonitorVerdict[]; label: string }) {
  const windows = [...new Set(verdicts.map(({ from }) => from))].sort();
  const features = [...new Set(verdicts.map(({ feature }) => feature))];
  const byCell = new Map(verdicts.map((verdict) => [`${verdict.feature} ${verdict.from}`, verdict]));
  if (verdicts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing is judged yet: no window of what it watches is profiled beside its reference.
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
                {window.slice(0, window.slice(8, 10) === "01" ? 7 : 10)}
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
                      <Tooltip label={verdict.explanation} multiline maw={340}>
                        <span
                          className={classes.cell}
                          data-state={verdict.state}
                          tabIndex={0}
                          role="img"
                          aria-label={`${feature}, ${window.slice(0, 10)}: ${STATE_WORDS[verdict.state]}${verdict.score === null ? "" : `, ${describeScore(verdict.metric, verdict.score)}`}${verdict.because === "missing" ? ", because of missing values" : ""}`}
                        >
                          <span aria-hidden="true">{STATE_SIGNS[verdict.state]}</span>
                          {(verdict.score !== null || verdict.because === "missing") && (
                            <span className={classes.score} aria-hidden="true">
                              {verdict.because === "missing"
                                ? `∅ ${Math.round((verdict.missing?.current ?? 0) * 100)} %`
                                : shortScore(verdict.metric, verdict.score ?? 0)}
                            </span>
                          )}
                        </span>
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
