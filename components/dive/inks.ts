import type { Paint } from "./layout/colour-rows";
import { SHADES } from "./layout/colour-rows";

/** Colours of the page as it is now. */
export interface Inks {
  paper: string;
  text: string;
  muted: string;
  line: string;
  accent: string;
  of(paint: Paint): string;
}

/** Okabe and Ito's colours, without those that vanish on the page. */
const HUES = {
  light: ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#3b3b3b"],
  dark: ["#56b4e9", "#e69f00", "#2fbf95", "#e09bc2", "#3d8fd1", "#ff8033", "#d9d9d9"],
};
/** Viridis, of which the end that vanishes on the page is left out. */
const VIRIDIS = ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"]; // prettier-ignore

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const scheme = document.documentElement.dataset.mantineColorScheme === "dark" ? "dark" : "light";
  const shades = scheme === "dark" ? VIRIDIS.slice(2) : VIRIDIS.slice(0, 8);
  return {
    paper: colour("--mantine-color-body"),
    text: colour("--mantine-color-text"),
    muted: colour("--mantine-color-dimmed"),
    line: colour("--mantine-color-default-border"),
    accent: colour("--mantine-primary-color-filled"),
    of: (paint) => {
      switch (paint.kind) {
        case "hue":
          return HUES[scheme][paint.hue] ?? colour("--mantine-color-dimmed");
        case "part":
          return colour(`--tr-fill-${paint.part}`);
        case "shade":
          return mix(shades, paint.shade / (SHADES - 1));
        case "plain":
          return HUES[scheme][0] as string;
        case "other":
        case "missing":
          return scheme === "dark" ? "#7d848f" : "#9aa1ac";
      }
    },
  };
}

function mix(stops: readonly string[], at: number): string {
  const place = at * (stops.length - 1);
  const [one, other] = [stops[Math.floor(place)] as string, stops[Math.ceil(place)] as string];
  const share = place - Math.floor(place);
  const channel = (hex: string, from: number) => parseInt(hex.slice(from, from + 2), 16);
  return `#${[1, 3, 5]
    .map((from) => Math.round(channel(one, from) * (1 - share) + channel(other, from) * share))
    .map((value) => value.toString(16).padStart(2, "0"))
    .join("")}`;
}

/** A colour as the bytes of a raster hold it, opaque; the machines that browsers run on store the lowest byte first. */
export function inkBytes(hex: string): number {
  const full = hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join("")}` : hex;
  const value = parseInt(full.slice(1, 7), 16);
  return ((255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}
