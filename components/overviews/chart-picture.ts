import { heightOf, ticksOf, type ChartOptions, type Series } from "@/components/distributions/buckets";

const WIDTH = 720;
const HEIGHT = 360;
const BOX = { left: 64, top: 64, right: 704, bottom: 312 };
const INK = "#1b1e23";
const PALE = "#5b6370";

/** A chart as a picture of its own, on white, with title, legend and axes. `inkOf` resolves a colour of the style sheet. */
export function drawChart(
  title: string,
  series: readonly Series[],
  options: ChartOptions,
  inkOf: (colour: string) => string,
): { svg: string; width: number; height: number } {
  const bars = series[0]?.bars ?? [];
  const most = Math.max(0, ...series.flatMap((one) => one.bars.map((bar) => bar.value)));
  const x = (at: number) => (BOX.left + at * (BOX.right - BOX.left)).toFixed(1);
  const y = (value: number) => (BOX.bottom - heightOf(value, most, options.log) * (BOX.bottom - BOX.top)).toFixed(1);
  const unit = options.percent ? " %" : "";
  const lines = series.map(({ bars: own, look, label, part }, at) => {
    const colour = inkOf(look?.colour ?? "gray");
    const steps = own.map((bar) => `L${x(bar.from)},${y(bar.value)} L${x(bar.to)},${y(bar.value)}`).join(" ");
    const path = `M${x(0)},${BOX.bottom} ${steps} L${x(own.at(-1)?.to ?? 0)},${BOX.bottom}`;
    const left = BOX.left + at * 110;
    return `<path d="${path} Z" fill="${colour}" fill-opacity="0.18"/><path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${look?.dash ? ` stroke-dasharray="${look.dash}"` : ""}/>
<rect x="${left}" y="36" width="12" height="12" fill="${colour}"/><text x="${left + 18}" y="46" font-size="12" fill="${INK}">${escape(label ?? part)}</text>`;
  });
  const ticks = (options.log ? [] : ticksOf(most)).map(
    (tick) =>
      `<line x1="${BOX.left}" x2="${BOX.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#dee2e6"/><text x="${BOX.left - 8}" y="${Number(y(tick)) + 4}" font-size="12" text-anchor="end" fill="${PALE}">${tick.toLocaleString("en")}${unit}</text>`,
  );
  const every = Math.max(1, Math.ceil(bars.length / 7));
  const labels = bars.flatMap((bar, at) =>
    at % every === 0
      ? [
          `<text x="${x((bar.from + bar.to) / 2)}" y="${BOX.bottom + 20}" font-size="12" text-anchor="middle" fill="${PALE}">${escape(bar.label.replace(/ to .*/, "").slice(0, 14))}</text>`,
        ]
      : [],
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${BOX.left}" y="24" font-size="14" font-weight="600" fill="${INK}">${escape(title)}</text>
${[...ticks, ...lines, ...labels].join("\n")}
<line x1="${BOX.left}" x2="${BOX.right}" y1="${BOX.bottom}" y2="${BOX.bottom}" stroke="${PALE}"/>
</svg>
`;
  return { svg, width: WIDTH, height: HEIGHT };
}

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
