"use client";

import { Text } from "@mantine/core";
import { type Ref, useId, useImperativeHandle, useRef } from "react";
import classes from "./specs.module.css";

export interface LineEditorHandle {
  goTo(line: number): void;
}

/** A text with numbered lines, of which some are marked. */
export function LineEditor({
  ref,
  label,
  value,
  onChange,
  marked,
  describedBy,
  placeholder,
  tall = false,
}: {
  ref?: Ref<LineEditorHandle>;
  label: string;
  value: string;
  onChange(value: string): void;
  /** Lines with errors, from 1. */
  marked: ReadonlySet<number>;
  /** Id of the list of errors. */
  describedBy: string;
  placeholder: string;
  /** As high as a page is, not a drawer. */
  tall?: boolean;
}) {
  const id = useId();
  const text = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLOListElement>(null);
  useImperativeHandle(ref, () => ({
    goTo(line) {
      const area = text.current;
      if (!area) return;
      const lines = area.value.split("\n");
      const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
      area.scrollTop = (line - 4) * parseFloat(getComputedStyle(area).lineHeight);
    },
  }));
  const lines = Math.max(value.split("\n").length, 12);
  return (
    <div>
      <Text component="label" htmlFor={id} size="sm" fw={500}>
        {label}
      </Text>
      <div className={classes.editor} data-tall={tall || undefined}>
        <ol ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => (
            <li key={index} data-marked={marked.has(index + 1) || undefined}>
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          id={id}
          ref={text}
          value={value}
          spellCheck={false}
          wrap="off"
          placeholder={placeholder}
          aria-invalid={marked.size > 0}
          aria-describedby={marked.size > 0 ? describedBy : undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={(event) => {
            if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
    </div>
  );
}
