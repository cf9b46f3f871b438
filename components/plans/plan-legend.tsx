import { IconPin } from "@tabler/icons-react";
import { KIND_ICONS } from "./plan-node";
import classes from "./plan.module.css";

const SHAPES = { source: "source", transformer: "transformer", estimator: "estimator, is fitted" } as const;

/** What shapes, lines and signs of the drawing mean. */
export function PlanLegend() {
  return (
    <ul className={classes.legend} aria-label="Legend">
      {(Object.keys(SHAPES) as (keyof typeof SHAPES)[]).map((kind) => {
        const Icon = KIND_ICONS[kind];
        return (
          <li key={kind}>
            <span className={classes.legendShape} data-kind={kind}>
              <Icon size={12} stroke={1.7} aria-hidden="true" />
            </span>
            {SHAPES[kind]}
          </li>
        );
      })}
      <li>
        <span className={classes.legendLine} data-look="solid" /> chosen variant
      </li>
      <li>
        <span className={classes.legendLine} data-look="tint" /> others
      </li>
      <li>
        <span className={classes.legendLine} data-look="fit" /> read to fit only
      </li>
      <li>
        <b>✓</b> already fitted
      </li>
      <li>
        <b>▣</b> already computed
      </li>
      <li>
        <IconPin size={13} aria-hidden="true" /> an alternative that can be pinned
      </li>
    </ul>
  );
}
