/** How much a node says at a zoom: its place in the whole, its name, or everything. */
export type Detail = "workspace" | "view" | "column";

/** Below these zooms the next smaller size of text would not be readable any more. */
const VIEW_FROM = 0.32;
const COLUMN_FROM = 0.62;

export function detailAt(zoom: number): Detail {
  if (zoom < VIEW_FROM) return "workspace";
  return zoom < COLUMN_FROM ? "view" : "column";
}
