import { IconDatabase, IconPin, IconPinFilled, IconSchool, IconTransform } from "@tabler/icons-react";
import type { Point } from "./lay-out-plan";
import type { NodeLook, Paint } from "./node-look";
import { baselineOf } from "./node-text";
import classes from "./plan.module.css";

export const KIND_ICONS = { source: IconDatabase, transformer: IconTransform, estimator: IconSchool } as const;

/** Pixels of a flag's letter and of what is around its text. */
const FLAG_LETTER = 6;
const FLAG_PADDING = 12;

/** A source, transformer or estimator: each kind has an icon, a word and a shape. */
export function PlanNode({
  node,
  paint,
  place,
  isSelected,
  isReachable,
  onSelect,
  onPin,
}: {
  node: NodeLook;
  paint: Paint;
  place: Point & { width: number; height: number };
  isSelected: boolean;
  /** Whether the tab key comes here; the arrow keys lead to the others. */
  isReachable: boolean;
  onSelect(): void;
  onPin(): void;
}) {
  const { kind, text, signs, flags, letters, pin } = node;
  const { width, height } = place;
  const Icon = KIND_ICONS[kind];
  const round = kind === "source" ? 20 : 4;
  return (
    <g transform={`translate(${place.x},${place.y})`} style={{ "--c": paint.colour } as React.CSSProperties}>
      <g
        role="button"
        tabIndex={isReachable ? 0 : -1}
        aria-label={node.label}
        aria-pressed={isSelected}
        className={classes.node}
        data-node={node.id}
        data-kind={kind}
        data-look={paint.look}
        data-draft={flags.some(({ tone }) => tone === "draft") || undefined}
        onClick={onSelect}
      >
        <title>{node.label}</title>
        <rect className={classes.focusRing} x={-4} y={-4} width={width + 8} height={height + 8} rx={round + 3} />
        <rect className={classes.shape} width={width} height={height} rx={round} />
        {kind === "estimator" && (
          <rect className={classes.inner} x={3} y={3} width={width - 6} height={height - 6} rx={2} />
        )}
        <Icon className={classes.icon} x={9} y={8} size={15} stroke={1.7} aria-hidden="true" />
        {text.name.map((line, index) => (
          <text key={line} className={classes.nodeName} x={30} y={baselineOf(index)}>
            {line}
          </text>
        ))}
        <text className={classes.nodeDetail} x={10} y={baselineOf(text.name.length)}>
          {text.detail}
        </text>
        {text.physical !== null && (
          <text className={classes.nodePhysical} x={10} y={baselineOf(text.name.length + 1)}>
            {text.physical}
          </text>
        )}
        {signs.length > 0 && (
          <text className={classes.nodeSigns} x={width - 9} y={baselineOf(text.name.length)} textAnchor="end">
            {signs.map(({ sign }) => sign).join(" ")}
          </text>
        )}
        {letters !== "" && (
          <g transform={`translate(${width - 8 - letters.length * 7 - 8},${height - 7})`}>
            <rect className={classes.lettersBox} width={letters.length * 7 + 8} height={14} rx={7} />
            <text className={classes.letters} x={letters.length * 3.5 + 4} y={10.5} textAnchor="middle">
              {letters}
            </text>
          </g>
        )}
        {flags.map((flag, index) => (
          <Flag key={flag.text} flag={flag} x={10 + offsetOf(flags, index)} />
        ))}
      </g>
      {pin && (
        <g
          role="button"
          tabIndex={-1}
          aria-label={`${pin.isPinned ? "Unpin" : "Pin"} ${pin.column} ${pin.isPinned ? "from" : "to"} ${pin.stage}`}
          aria-pressed={pin.isPinned}
          className={classes.pin}
          data-control
          transform={`translate(${width - 14},-11)`}
          onClick={onPin}
        >
          <title>{pin.isPinned ? `Unpin ${pin.column}` : `Pin ${pin.column} to ${pin.stage}`}</title>
          <circle className={classes.pinBack} cx={12} cy={12} r={10} />
          {pin.isPinned ? (
            <IconPinFilled x={5} y={5} size={14} aria-hidden="true" />
          ) : (
            <IconPin x={5} y={5} size={14} stroke={1.8} aria-hidden="true" />
          )}
        </g>
      )}
    </g>
  );
}

const widthOf = (flag: NodeLook["flags"][number]) => flag.text.length * FLAG_LETTER + FLAG_PADDING;
const offsetOf = (flags: NodeLook["flags"], index: number) =>
  flags.slice(0, index).reduce((sum, flag) => sum + widthOf(flag) + 4, 0);

function Flag({ flag, x }: { flag: NodeLook["flags"][number]; x: number }) {
  const width = widthOf(flag);
  return (
    <g className={classes.flag} data-tone={flag.tone} transform={`translate(${x},-8)`}>
      <rect width={width} height={15} rx={7.5} />
      <text x={width / 2} y={11} textAnchor="middle">
        {flag.text}
      </text>
    </g>
  );
}
