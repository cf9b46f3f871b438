import { Badge, type MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconFlag,
  IconHelp,
  IconLoader2,
  IconPin,
  IconPlayerPause,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { TOO_LITTLE_DATA } from "./state-words";

/** Every state of the product with one colour, one icon and one word: colour alone says nothing to many people. */
const STATES: Record<string, { color: MantineColor; icon: ComponentType<{ size?: number }>; label?: string }> = {
  queued: { color: "gray", icon: IconClock },
  pending: { color: "gray", icon: IconCircleDashed },
  running: { color: "indigo", icon: IconLoader2 },
  done: { color: "teal", icon: IconCheck },
  succeeded: { color: "teal", icon: IconCheck },
  passed: { color: "teal", icon: IconCheck },
  failed: { color: "red", icon: IconX },
  canceled: { color: "gray", icon: IconBan },
  closed: { color: "gray", icon: IconFlag },
  fine: { color: "teal", icon: IconCheck },
  warn: { color: "yellow", icon: IconAlertTriangle },
  critical: { color: "orange", icon: IconAlertTriangle },
  insufficient_data: { color: "gray", icon: IconHelp, label: TOO_LITTLE_DATA },
  safe: { color: "teal", icon: IconCheck },
  leak: { color: "orange", icon: IconAlertTriangle },
  unknown: { color: "gray", icon: IconHelp },
  draft: { color: "gray", icon: IconCircleDashed },
  in_review: { color: "indigo", icon: IconClock, label: "in review" },
  changes_requested: { color: "yellow", icon: IconAlertTriangle, label: "changes requested" },
  approved: { color: "teal", icon: IconCheck },
  applying: { color: "indigo", icon: IconLoader2 },
  applied: { color: "teal", icon: IconCheck },
  rejected: { color: "red", icon: IconX },
  withdrawn: { color: "gray", icon: IconBan },
  expired: { color: "gray", icon: IconClock },
  superseded: { color: "gray", icon: IconBan },
  apply_failed: { color: "red", icon: IconX, label: "apply failed" },
  open: { color: "orange", icon: IconAlertTriangle },
  acknowledged: { color: "indigo", icon: IconCheck },
  snoozed: { color: "gray", icon: IconClock },
  resolved: { color: "teal", icon: IconCheck },
  conflict: { color: "orange", icon: IconAlertTriangle },
  active: { color: "teal", icon: IconCheck },
  paused: { color: "yellow", icon: IconPlayerPause },
  retired: { color: "gray", icon: IconBan },
  quarantined: { color: "orange", icon: IconBan, label: "in quarantine" },
  REPRODUCIBLE: { color: "teal", icon: IconCheck, label: "reproducible" },
  DRIFTED: { color: "orange", icon: IconAlertTriangle, label: "drifted" },
  EXPIRED: { color: "red", icon: IconClock, label: "expired" },
  identical: { color: "teal", icon: IconCheck },
  within_tolerance: { color: "teal", icon: IconCheck, label: "within tolerance" },
  differs: { color: "orange", icon: IconAlertTriangle },
  gone: { color: "red", icon: IconX },
  not_recorded: { color: "gray", icon: IconHelp, label: "nothing to compare" },
  not_reached: { color: "gray", icon: IconCircleDashed, label: "not reached" },
  pinned: { color: "indigo", icon: IconPin },
  kept: { color: "teal", icon: IconCheck },
  not_kept: { color: "gray", icon: IconBan, label: "not kept" },
  expires: { color: "yellow", icon: IconClock },
  stale: { color: "yellow", icon: IconAlertTriangle },
};

export function StateBadge({ state }: { state: string }) {
  const { color, icon: Icon, label } = STATES[state] ?? { color: "gray", icon: IconHelp };
  return (
    // A word that is cut says nothing: whatever holds it makes room.
    <Badge color={color} variant="light" leftSection={<Icon size={12} />} tt="none" fw={500} miw="max-content">
      {label ?? state.replaceAll("_", " ")}
    </Badge>
  );
}
