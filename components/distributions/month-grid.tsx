import { Text } from "@mantine/core";
import type { FeatureProfile, FeatureProfiles } from "@/lib/contracts/feature-detail";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { StateBadge } from "@/components/ui/state-badge";
import { barsOf, bucketsFor, formatNumber, type ChartOptions } from "./buckets";
import classes from "./distributions.module.css";
import { HistogramChart } from "./histogram-chart";
import { windowName } from "./window-name";

/** One small histogram for each month, all on the same axes. */
export function MonthGrid({
  months,
  drift,
  options,
  name,
}: {
  months: FeatureProfile[];
  drift: FeatureProfiles["drift"];
  options: ChartOptions;
  name: string;
}) {
  return (
    <div className={classes.months}>
      {months.map((month) => {
        const window = drift.find((candidate) => candidate.from === month.from);
        const label = windowName(windowLabel({ from: month.from ?? "", to: month.to ?? "" }));
        return (
          <figure key={month.from}>
            <figcaption className={classes.monthName}>
              <span>{label}</span>
              {window && window.state !== "fine" ? (
                <StateBadge state={window.state} />
              ) : (
                <span>{window ? "" : "reference"}</span>
              )}
            </figcaption>
            <HistogramChart
              series={[{ part: "all", bars: barsOf(bucketsFor(month, options.edges), options) }]}
              options={options}
              height={64}
              size="small"
              label={`${name} in ${label}: ${month.rows.toLocaleString("en")} rows`}
            />
            <Text size="xs" c="dimmed" className="tr-number" ta="left">
              {typeof month.stats.mean === "number"
                ? `mean ${formatNumber(month.stats.mean)}`
                : `${month.rows.toLocaleString("en")} rows`}
            </Text>
          </figure>
        );
      })}
    </div>
  );
}
