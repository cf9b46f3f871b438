"use client";

import { UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHelp, IconInfoCircle } from "@tabler/icons-react";
import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import type { ChangeTab } from "./change-views";
import classes from "./changes.module.css";

type Grade = "good" | "bad" | "open" | "info";

const GRADES = {
  good: { icon: IconCircleCheck, color: "var(--tr-serving)", word: "fine" },
  bad: { icon: IconAlertTriangle, color: "var(--tr-critical)", word: "look" },
  open: { icon: IconHelp, color: "var(--mantine-color-dimmed)", word: "unknown" },
  info: { icon: IconInfoCircle, color: "var(--mantine-color-dimmed)", word: "for information" },
} as const;

/** Every piece of evidence in a sentence; each opens its tab. */
export function EvidenceStrip({ evidence, onOpen }: { evidence: ChangeEvidence; onOpen: (tab: ChangeTab) => void }) {
  return (
    <ul className={classes.strip}>
      {summarise(evidence).map(({ tab, grade, name, sentence }) => {
        const { icon: Icon, color, word } = GRADES[grade];
        return (
          <li key={tab}>
            <UnstyledButton className={classes.evidence} w="100%" onClick={() => onOpen(tab)}>
              <Icon size={18} color={color} aria-label={word} />
              <div>
                <div className={classes.evidenceName}>{name}</div>
                <div className={classes.quiet}>{sentence}</div>
              </div>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}

function summarise(evidence: ChangeEvidence): { tab: ChangeTab; grade: Grade; name: string; sentence: string }[] {
  const { leakage, drift, definition, plan, impact, owners } = evidence;
  const verdicts = (verdict: string) => leakage.filter((item) => item.verdict === verdict).length;
  const differs = plan.filter((item) => item.change !== "kept").length;
  const models = impact.filter((item) => item.kind === "model").length;
  const things = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return [
    {
      tab: "evidence",
      name: "Leakage",
      grade: verdicts("leak") > 0 ? "bad" : verdicts("unknown") > 0 ? "open" : leakage.length > 0 ? "good" : "info",
      sentence:
        leakage.length === 0
          ? "no model reads this version"
          : `safe for ${verdicts("safe")} of ${things(leakage.length, "consumer")}`,
    },
    {
      tab: "definition",
      name: "Definition",
      grade: "info",
      sentence: definition.before
        ? things(definition.changes.length, "difference")
        : `new, by ${definition.after.writer}`,
    },
    {
      tab: "plan",
      name: "Plan",
      grade: "info",
      sentence: differs === 0 ? "the same stages" : `${things(differs, "stage")} differ${differs === 1 ? "s" : ""}`,
    },
    {
      tab: "distribution",
      name: "Distribution",
      grade: !drift ? "open" : drift.state === "fine" ? "good" : drift.state === "insufficient_data" ? "open" : "bad",
      sentence:
        drift?.score === undefined || drift.score === null
          ? "not comparable"
          : `PSI ${drift.score.toFixed(2)}, ${drift.state}`,
    },
    {
      tab: "impact",
      name: "Impact",
      grade: "info",
      sentence: `${things(models, "model")}, ${things(impact.length - models, "other reader")}, ${things(owners.length, "owner")}`,
    },
  ];
}
