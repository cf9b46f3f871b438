"use client";

import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { windowName } from "@/components/distributions/window-name";
import { figureName } from "@/lib/domain/drift/drift-words";
import { ticksAround, tickWriter } from "@/components/ui/axis-ticks";
import type { DriftCurve } from "./drift-curve";

const TICK = { fill: "var(--mantine-color-dimmed)", fontSize: 12 };

/** Scores, or severities, over time with their thresholds; what alarms is a triangle. The table beside it has the same figures. */
export function FeatureDriftChart({ name, curve }: { name: string; curve: DriftCurve }) {
  const { warn, critical } = curve;
  const points = curve.points.map((point) => ({ ...point, name: windowName(point.window) }));
  const ticks = ticksAround(0, Math.max(critical ?? warn, ...points.map(({ value }) => value ?? 0)));
  const words = curve.figure === null ? "severity" : figureName(curve.figure);
  return (
    <div
      role="img"
      aria-label={`Drift of ${name} by window, ${words}; the table has the same figures`}
      style={{ height: 240 }}
    >
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={points} margin={{ top: 8, right: 92, bottom: 8, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />
          <XAxis dataKey="name" tick={TICK} tickLine={false} padding={{ left: 24, right: 24 }} />
          <YAxis
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            tickFormatter={tickWriter(ticks)}
            tick={TICK}
            axisLine={false}
            tickLine={false}
          />
          <Tooltip
            formatter={(value) => (typeof value === "number" ? value.toFixed(3) : String(value))}
            contentStyle={{
              background: "var(--mantine-color-body)",
              border: "1px solid var(--mantine-color-default-border)",
            }}
          />
          <ReferenceLine
            y={warn}
            stroke="var(--tr-fill-warn)"
            strokeDasharray="4 3"
            label={{ value: `warn ${warn}`, position: "right", fill: "var(--tr-warn)", fontSize: 12 }}
          />
          {critical !== null && (
            <ReferenceLine
              y={critical}
              stroke="var(--tr-fill-critical)"
              strokeDasharray="4 3"
              label={{ value: `critical ${critical}`, position: "right", fill: "var(--tr-critical)", fontSize: 12 }}
            />
          )}
          <Line
            dataKey="value"
            name={words}
            stroke="var(--tr-fill-train)"
            strokeWidth={2}
            dot={Dot}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

/** A window: a triangle where it alarms, as in the chart of concept drift. Nothing where it has no score. */
function Dot({ cx, cy, payload }: { cx?: number; cy?: number; payload?: DriftCurve["points"][number] }) {
  if (cx === undefined || cy === undefined || !payload || payload.value === null) return null;
  const { state, window } = payload;
  return state === "warn" || state === "critical" ? (
    <path key={window} d={`M${cx} ${cy - 8} l7 12 h-14 z`} fill={`var(--tr-fill-${state})`} />
  ) : (
    <circle
      key={window}
      cx={cx}
      cy={cy}
      r={4}
      fill="var(--mantine-color-body)"
      stroke="var(--tr-fill-train)"
      strokeWidth={2}
    />
  );
}
