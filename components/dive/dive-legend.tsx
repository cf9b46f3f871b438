"use client";

import { Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import classes from "./dive.module.css";
import { inksOf, type Inks } from "./inks";
import { type Colouring, type Paint, SHADES } from "./layout/colour-rows";

/** What the colours mean, with counts of the sampled rows. */
export function DiveLegend({ colouring, name }: { colouring: Colouring; name: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [inks, setInks] = useState<Inks | null>(null);
  useEffect(() => {
    const read = () => host.current && setInks(inksOf(host.current));
    read();
    const theme = new MutationObserver(read);
    theme.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    return () => theme.disconnect();
  }, []);
  const { legend } = colouring;
  if (legend.kind === "none") return null;
  return (
    <div ref={host} className={classes.legend} role="group" aria-label={`Colours by ${name}`}>
      <Text size="xs" fw={600} component="span">
        {name}
      </Text>
      {legend.kind === "groups" ? (
        <ul>
          {legend.entries.map(({ label, count, paint }) => (
            <li key={label}>
              <Swatch paint={paint} inks={inks} />
              <span className={classes.entry}>{label}</span>
              <span className={classes.count}>{count.toLocaleString("en")}</span>
            </li>
          ))}
        </ul>
      ) : (
        <>
          <span className={classes.scale}>
            <span>{legend.low}</span>
            <span
              className={classes.ramp}
              style={{ background: inks ? `linear-gradient(to right, ${rampOf(inks)})` : undefined }}
              title={`middle: ${legend.middle}`}
              aria-hidden
            />
            <span>{legend.high}</span>
            <span className={classes.count}>middle {legend.middle}</span>
          </span>
          {legend.missing > 0 && (
            <span className={classes.scale}>
              <Swatch paint={{ kind: "missing" }} inks={inks} /> no number
              <span className={classes.count}>{legend.missing.toLocaleString("en")}</span>
            </span>
          )}
        </>
      )}
    </div>
  );
}

function Swatch({ paint, inks }: { paint: Paint; inks: Inks | null }) {
  const colour = inks?.of(paint) ?? "transparent";
  return (
    <span
      className={classes.swatch}
      style={paint.kind === "missing" ? { border: `2px solid ${colour}` } : { background: colour }}
      aria-hidden
    />
  );
}

function rampOf(inks: Inks): string {
  return Array.from({ length: 8 }, (_, i) =>
    inks.of({ kind: "shade", shade: Math.round((i / 7) * (SHADES - 1)) }),
  ).join(", ");
}
