import { IconAlertTriangle } from "@tabler/icons-react";
import type { Figure } from "@/components/distributions/figures";
import { groupStyle } from "@/components/distributions/part-colour";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import classes from "./overview.module.css";
import { FIGURES, figuresOfGroup, shortFigure, topOf } from "./group-figures";

/** Figures that are shares of the rows, and can alarm. */
const SHARES: ReadonlySet<string> = new Set(["Missing", "Zeros", "Not finite"]);

/** The figures of a feature that its type has, a line for each group. On a phone the groups are columns. */
export function GroupTable({ feature, groups }: { feature: OverviewFeature; groups: readonly ComparisonGroup[] }) {
  const lines = groups.map((group, at) => {
    const figures = feature.groups[at];
    return { group, figures: figures ? figuresOfGroup(figures) : null };
  });
  const columns = FIGURES.filter((label) => lines.some(({ figures }) => figures?.has(label)));
  if (columns.length === 0) return null;
  return (
    <div className={classes.scroll} role="group" aria-label={`Figures of ${feature.name}`} tabIndex={0}>
      <table className={classes.figures} style={{ "--lines": columns.length + 1 } as React.CSSProperties}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              Part
            </th>
            {columns.map((label) => (
              <th key={label} scope="col">
                <span className={classes.figure} data-share={SHARES.has(label) || undefined}>
                  {label === "Not finite" ? "NaN, ∞" : label === "Top value" ? "Top" : label}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ group, figures }, position) => (
            <tr key={group.key}>
              <th scope="row">
                <span className={classes.group}>
                  <span
                    className={classes.swatch}
                    style={{ background: groupStyle(group.key, position).colour }}
                    aria-hidden
                  />
                  {group.label}
                </span>
              </th>
              {columns.map((label) => {
                const figure = figures?.get(label);
                return (
                  <td key={label} title={figure && fullText(figure)}>
                    {!figure ? (
                      <span className={classes.nothing}>–</span>
                    ) : label === "Top value" ? (
                      <TopValue figure={figure} />
                    ) : figure.alarm ? (
                      <span className={classes.alarm}>
                        <IconAlertTriangle size={12} role="img" aria-label={`Alarm: ${figure.alarm}`} />{" "}
                        {shortFigure(figure)}
                      </span>
                    ) : (
                      shortFigure(figure)
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A long value is cut off, its share never is. */
function TopValue({ figure }: { figure: Figure }) {
  const { value, share } = topOf(figure);
  return (
    <span className={classes.top}>
      <span>{value}</span>
      {share && <span>{share}</span>}
    </span>
  );
}

function fullText({ label, alarm, value, text }: Figure): string {
  if (label === "Top value") return text;
  const exact = typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 6 }) : (value ?? text);
  return alarm ? `${exact}. ${alarm}` : exact;
}
