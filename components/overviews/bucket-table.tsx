import type { ChartOptions, Series } from "@/components/distributions/buckets";
import classes from "./overview.module.css";

/** What a chart draws, as a table: whole with `expand`, else the first lines of it to be scrolled. */
export function BucketTable({
  name,
  series,
  options,
  expand,
}: {
  name: string;
  series: Series[];
  options: ChartOptions;
  expand: boolean;
}) {
  return (
    <div
      className={classes.buckets}
      role="group"
      aria-label={`Buckets of ${name}`}
      tabIndex={0}
      data-expand={expand || undefined}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Bucket</th>
            {series.map(({ part, label }) => (
              <th key={part} scope="col" data-numeric>
                {label ?? part}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series[0]?.bars.map((bar, at) => (
            <tr key={at}>
              <th scope="row">{bar.label}</th>
              {series.map(({ part, bars }) => (
                <td key={part} data-numeric>
                  {options.percent
                    ? `${(bars[at]?.value ?? 0).toFixed(2)} %`
                    : (bars[at]?.value ?? 0).toLocaleString("en")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
