// Inside a worker this file answers layout requests; it exports nothing.
import { layOutFast } from "./graph/lay-out-fast";
import type { FastLayoutRequest } from "./lay-out";

addEventListener("message", ({ data }: MessageEvent<FastLayoutRequest>) => {
  postMessage({ ticket: data.ticket, positions: layOutFast(data.ids, data.edges) });
});
