"use client";

import { UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHelp, IconInfoCircle } from "@tabler/icons-react";
import type { ChangeTab } from "./change-views";
import classes from "./changes.module.css";

export type Grade = "good" | "bad" | "stop" | "open" | "info";

export interface EvidenceItem {
  tab: ChangeTab;
  grade: Grade;
  name: string;
  sentence: string;
}

const GRADES = {
  good: { icon: IconCircleCheck, color: "var(--tr-serving)", word: "fine" },
  bad: { icon: IconAlertTriangle, color: "var(--tr-critical)", word: "needs attention" },
  stop: { icon: IconAlertTriangle, color: "var(--tr-critical)", word: "must pass" },
  open: { icon: IconHelp, color: "var(--mantine-color-dimmed)", word: "unknown" },
  info: { icon: IconInfoCircle, color: "var(--mantine-color-dimmed)", word: "for information" },
} as const;

/** Every piece of evidence in a sentence; each opens its tab. */
export function EvidenceStrip({ items, onOpen }: { items: EvidenceItem[]; onOpen: (tab: ChangeTab) => void }) {
  return (
    <ul className={classes.strip}>
      {items.map(({ tab, grade, name, sentence }) => {
        const { icon: Icon, color, word } = GRADES[grade];
        return (
          <li key={tab}>
            <UnstyledButton className={classes.evidence} w="100%" onClick={() => onOpen(tab)}>
              <Icon size={18} color={color} aria-label={word} />
              <div>
                <div className={classes.evidenceName}>
                  {name}
                  {grade === "stop" && <span className={classes.blocks}> must pass</span>}
                </div>
                <div className={classes.quiet}>{sentence}</div>
              </div>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}
