import type { ColumnStats } from "../profiles/column-stats";
import type { Histogram } from "../statistics/histogram";
import { firstWindow } from "./first-window";
import { judgeDrift } from "./judge-drift";
import { arePartial } from "./partial-window";

interface Profiled {
  profile: {
    /** `[from, to)` of the event time. */
    window: [string, string] | null;
    stats: ColumnStats;
    histogram: Histogram;
    equalWidth: Histogram | null;
  };
}

/** A window with what became of it. */
export interface JudgedProfile<Entry> {
  reference: Entry;
  current: Entry;
  verdict: ReturnType<typeof judgeDrift>;
  /** Whether data cover only a part of the window: such a one is never the worst, nor what a feature is known by. */
  isPartial: boolean;
}

/** The windows that one run profiled of one feature version, in order of time, each against the first that has enough rows. */
export function judgeProfiledWindows<Entry extends Profiled>(entries: readonly Entry[]): JudgedProfile<Entry>[] {
  const windows = entries.toSorted((one, other) => (from(one) < from(other) ? -1 : 1));
  const first = firstWindow(windows.map(({ profile }) => profile));
  const reference = windows.find(({ profile }) => profile === first);
  if (!reference) return [];
  const partial = arePartial(windows.map(({ profile }) => profile.stats.rows));
  return windows.flatMap((current, at): JudgedProfile<Entry>[] =>
    current === reference
      ? []
      : [
          {
            reference,
            current,
            verdict: judgeDrift({ metric: "natural", reference: reference.profile, current: current.profile }),
            isPartial: partial[at] ?? false,
          },
        ],
  );
}

const from = ({ profile }: Profiled) => profile.window?.[0] ?? "";
