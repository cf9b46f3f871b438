import { firstWindow } from "@/lib/domain/drift/first-window";
import { windowLabel } from "@/lib/domain/drift/window-label";
import type { WindowReference } from "@/lib/domain/monitors/measure-windows";
import type { StoredFeature, StoredWindow } from "../profiles/stored-features";
import type { StoredProfile } from "../profiles/stored-profiles";

/** What a window is compared with, with the profile that it is. */
export interface StoredReference extends WindowReference {
  side: StoredProfile | null;
}

/** What the window at a position is compared with, as `wanted` says: `first`, `before`, `season`, `part:NAME` or a window's label. */
export function chooseReference(feature: StoredFeature, wanted: string): (at: number) => StoredReference {
  const { windows, parts } = feature;
  if (wanted === "before") return (at) => ofWindow(windows[at - 1], "no window before it is profiled.");
  if (wanted === "season")
    return (at) => ofWindow(yearBefore(windows, at), "the same window a year before it is not profiled.");
  const part = /^part:(.+)$/.exec(wanted)?.[1];
  const fixed =
    part === undefined
      ? ofWindow(fixedWindow(windows, wanted), `it has no profile of ${wanted}.`)
      : { words: `the ${part} part`, side: parts[part] ?? null, lack: `it has no profile of the ${part} part.` };
  return () => fixed;
}

/** The window that began a year before; of weeks, whose begins move over the calendar, the one 52 weeks before. */
function yearBefore(windows: readonly StoredWindow[], at: number): StoredWindow | undefined {
  const window = windows[at];
  if (!window) return undefined;
  const from = new Date(window.from);
  if (window.days > 1 && window.days <= 7) from.setUTCDate(from.getUTCDate() - 364);
  else from.setUTCFullYear(from.getUTCFullYear() - 1);
  return windows.find((other) => Date.parse(other.from) === from.getTime());
}

function fixedWindow(windows: readonly StoredWindow[], wanted: string): StoredWindow | undefined {
  return wanted === "first" ? firstWindow(windows) : windows.find((window) => windowLabel(window) === wanted);
}

function ofWindow(window: StoredWindow | undefined, lack: string): StoredReference {
  return { words: window ? windowLabel(window) : "", side: window ?? null, lack };
}
