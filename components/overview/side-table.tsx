import { IconAlertTriangle } from "@tabler/icons-react";
import { sideLook } from "@/components/distributions/part-colour";
import type { OverviewFeature, OverviewSide } from "@/lib/contracts/overview";
import classes from "./overview.module.css";
import { FIGURES, figuresOfSide, shortFigure } from "./side-figures";

/** Figures that are shares of the rows, and can alarm. */
const SHARES: ReadonlySet<string> = new Set(["Missing", "Zeros", "Not finite"]);

/** The figures of a feature, a line for each side. On a phone the sides are columns. */
export function SideTable({
  feature,
  sides,
  hasNonFinite,
}: {
  feature: OverviewFeature;
  sides: readonly OverviewSide[];
  /** Whether any feature of the list has such values: then each has a place for them. */
  hasNonFinite: boolean;
}) {
  const columns = FIGURES.filter((label) => label !== "Not finite" || hasNonFinite);
  const lines = sides.map((side, at) => {
    const figures = feature.sides[at];
    return { side, figures: figures ? figuresOfSide(figures) : null };
  });
  const has = (label: string) => lines.some(({ figures }) => figures?.has(label));
  const shown = columns.filter(has);
  if (shown.length === 0) return null;
  return (
    <div className={classes.scroll} role="region" aria-label={`Figures of ${feature.name}`} tabIndex={0}>
      <table className={classes.figures} style={{ "--lines": shown.length + 1 } as React.CSSProperties}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              Side
            </th>
            {columns.map((label) => (
              <th
                key={label}
                scope="col"
                data-none={!has(label) || undefined}
                data-share={SHARES.has(label) || undefined}
              >
                {label === "Not finite" ? "NaN, ∞" : label === "Top value" ? "Top" : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ side, figures }, position) => (
            <tr key={side.key}>
              <th scope="row">
                <span className={classes.side}>
                  <span
                    className={classes.swatch}
                    style={{ background: sideLook(side.key, position).colour }}
                    aria-hidden
                  />
                  {side.label}
                </span>
              </th>
              {columns.map((label) => {
                const figure = figures?.get(label);
                return (
                  <td key={label} data-none={!has(label) || undefined} title={figure && fullText(figure)}>
                    {!figure ? (
                      <span className={classes.nothing}>–</span>
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

function fullText({
  alarm,
  value,
  text,
}: {
  alarm: string | null;
  value: string | number | null;
  text: string;
}): string {
  const exact = typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 6 }) : (value ?? text);
  return alarm ? `${exact}. ${alarm}` : exact;
}
