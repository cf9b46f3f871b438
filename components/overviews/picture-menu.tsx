"use client";

import type { ChartOptions, Series } from "@/components/distributions/buckets";
import { PictureMenu as SavePicture } from "@/components/ui/picture-menu";
import { drawChart } from "./chart-picture";

/** One chart as a file. */
export function PictureMenu({ name, series, options }: { name: string; series: Series[]; options: ChartOptions }) {
  return <SavePicture name={name} draw={() => drawChart(name, series, options, resolveColour)} />;
}

/** A file knows no style sheet: `var(--name)` becomes its value. */
function resolveColour(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#868e96" : colour;
}
