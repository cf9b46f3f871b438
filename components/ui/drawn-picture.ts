/** A picture that stands for itself: it needs no style sheet. */
export interface Picture {
  svg: string;
  width: number;
  height: number;
}

/** What a style sheet says of the shapes of a chart. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-size",
  "font-family",
  "font-variant-numeric",
  "text-anchor",
];

/** The chart that is drawn in a place of the page, as the reader sees it, on the page's ground. Throws when there is none. */
export function pictureOf(place: Element | null): Picture {
  const drawn = place?.querySelector("svg");
  if (!drawn) throw new Error("The chart is not drawn yet.");
  const { width, height } = drawn.getBoundingClientRect();
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll("*")];
  [drawn, ...drawn.querySelectorAll("*")].forEach((shape, at) => {
    const style = getComputedStyle(shape);
    const text = STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
    copies[at]?.setAttribute("style", text);
    copies[at]?.removeAttribute("class");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  return { svg: new XMLSerializer().serializeToString(copy), width, height };
}
