"use client";

import { useEffect, useState } from "react";

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86_400, "hour", 3600],
  [30 * 86_400, "day", 86_400],
  [365 * 86_400, "month", 30 * 86_400],
  [Infinity, "year", 365 * 86_400],
];

const FORMAT = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function timeAgo(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit) ?? (["", "year", 1] as never);
  return FORMAT.format(Math.round(seconds / size), unit);
}

/** A moment relative to now, with the exact time on hover. The server renders the exact time, because its now is not the reader's. */
export function TimeAgo({ at }: { at: string }) {
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => {
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const exact = at.slice(0, 16).replace("T", " ");
  return (
    <time dateTime={at} title={`${exact} UTC`}>
      {now ? timeAgo(new Date(at), now) : exact}
    </time>
  );
}
