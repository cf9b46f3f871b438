"use client";

import { useEffect, useRef } from "react";

/** How long after `g` the second key counts, milliseconds. */
const PATIENCE = 1200;

/**
 * Keys of the whole portal: single ones ("?") and two in a row ("g f"). Silent while somebody writes, and while a menu or dialog
 * has the keyboard.
 */
export function useKeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || takesText(event.target)) return;
      const sequence = first && event.timeStamp - first.at < PATIENCE ? `${first.key} ${event.key}` : event.key;
      // A key that begins nothing must not swallow the next one.
      const action = latest.current[sequence] ?? latest.current[event.key];
      first = action ? null : { key: event.key, at: event.timeStamp };
      if (!action) return;
      event.preventDefault();
      action();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role=menu], [role=dialog], [role=combobox]") !== null)
  );
}
