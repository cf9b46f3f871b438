import { Text } from "@mantine/core";
import type { DriftCell } from "@/lib/contracts/drift";
import type { FeatureProfile } from "@/lib/contracts/feature-detail";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { StateBadge } from "@/components/ui/state-badge";
import { barsOf, bucketsFor, formatNumber, type ChartOptions } from "./buckets";
import classes from "./distributions.module.css";
import { HistogramChart } from "./histogram-chart";
import { windowName } from "./window-name";

/** One small histogram for each window, all on the same axes, with what the drift map says of it. */
export function MonthGrid({
  months,
  cells,
  options,
  name,
}: {
  months: FeatureProfile[];
  cells: readonly DriftCell[];
  options: ChartOptions;
  name: string;
}) {
  const cellOf = new Map(cells.map((cell) => [cell.window, cell]));
  return (
    <div className={classes.months}>
      {months.map((month) => {
        const window = windowLabel({ from: month.from ?? "", to: month.to ?? "" });
        const cell = cellOf.get(window);
        const label = windowName(window);
        return (
          <figure key={month.from}>
            <figcaption className={classes.monthName}>
              <span>{label}</span>
              {cell?.isReference && <span>reference</span>}
              {cell && !cell.isReference && cell.state !== "fine" && <StateBadge state={cell.state} />}
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
