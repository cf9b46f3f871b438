import type { DriftSide } from "@/lib/domain/drift/drift-side";
import { totalOf } from "@/lib/domain/drift/histogram";
import type { StoredFeature, StoredWindow } from "./monitored-features";

export interface StoredReference {
  profileId: string;
  side: DriftSide;
  words: string;
}

/** A feature that knows what each of its windows is compared with. */
export interface ReferencedFeature extends StoredFeature {
  referenceOf(window: StoredWindow): StoredReference | null;
  /** Why there may be none. */
  lack: string;
}

/** Windows with fewer rows say little, also as a reference. */
const LEAST_ROWS = 30;

/** `first`, `before`, `part:NAME` or a window's label. */
export function chooseReference(feature: StoredFeature, wanted: string): ReferencedFeature {
  const { windows } = feature;
  if (wanted === "before") {
    const before = new Map(windows.map((window, at) => [window.profileId, windows[at - 1]]));
    return {
      ...feature,
      referenceOf: (window) => asReference(before.get(window.profileId)),
      lack: "no window before it is profiled.",
    };
  }
  const part = /^part:(.+)$/.exec(wanted)?.[1];
  const fixed = part === undefined ? asReference(fixedWindow(windows, wanted)) : partReference(feature, part);
  return {
    ...feature,
    referenceOf: () => fixed,
    lack: part === undefined ? `it has no profile of ${wanted}.` : `it has no profile of the ${part} part.`,
  };
}

function fixedWindow(windows: readonly StoredWindow[], wanted: string): StoredWindow | undefined {
  if (wanted !== "first") return windows.find((window) => windowLabel(window) === wanted);
  return windows.find(({ histogram }) => totalOf(histogram) >= LEAST_ROWS) ?? windows[0];
}

function asReference(window: StoredWindow | undefined): StoredReference | null {
  return window ? { profileId: window.profileId, side: window, words: windowLabel(window) } : null;
}

function partReference({ parts, partProfiles }: StoredFeature, part: string): StoredReference | null {
  const [side, profileId] = [parts[part], partProfiles[part]];
  return side && profileId !== undefined ? { profileId, side, words: `the ${part} part` } : null;
}

/** A whole calendar month as YYYY-MM, another window as the day that it begins on. */
export function windowLabel({ from, to }: { from: string; to: string }): string {
  const [begin, end] = [new Date(from), new Date(to)];
  const next = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1));
  return begin.getUTCDate() === 1 && next.getTime() === end.getTime() ? from.slice(0, 7) : from.slice(0, 10);
}
