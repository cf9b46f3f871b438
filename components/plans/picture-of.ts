/** What the page's style sheet gives to a part of the drawing and a picture of its own must carry itself. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "color",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;

/** The drawing as a file: complete, in natural size, with the colours that the page has at the moment. */
export function pictureOf(drawing: SVGSVGElement): { svg: string; width: number; height: number } {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = drawing.querySelectorAll("*");
  for (const [index, element] of copy.querySelectorAll("*").entries()) {
    const computed = getComputedStyle(originals[index] as Element);
    const style = STYLES.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(";");
    for (const name of ["class", "tabindex", "role"]) element.removeAttribute(name);
    element.setAttribute("style", style);
  }
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.removeAttribute("class");
  copy.removeAttribute("style");
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  for (const hidden of copy.querySelectorAll("[data-control]")) hidden.remove();
  return { svg: new XMLSerializer().serializeToString(copy), width, height };
}
