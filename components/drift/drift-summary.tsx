"use client";

import { Alert, Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { monitorQueries } from "@/lib/client/monitors";
import type { DriftMap } from "@/lib/contracts/drift";

/** What the map says of its features as a whole, and how many alerts are open. */
export function DriftSummary({
  workspace,
  map,
  onOpen,
}: {
  workspace: string;
  map: DriftMap;
  onOpen: (feature: string, window: string) => void;
}) {
  const { data: alerts } = useQuery(monitorQueries.alerts({ workspace, state: "live" }));
  const { share, now, warned, judged, critical, worst, datasets } = map.summary;
  if (share === null) return null;
  const percent = (count: number) => `${Math.round((count / judged) * 100)} %`;
  return (
    <Alert
      color={datasets.some(({ isDrift }) => isDrift) ? "orange" : warned > 0 ? "yellow" : "teal"}
      mb="md"
      role="status"
    >
      <Text size="sm">
        {alerts && alerts.total > 0 && (
          <>
            <Anchor component={Link} href="/drift?view=alerts" inherit c="inherit" underline="always">
              {alerts.total} {alerts.total === 1 ? "alert is" : "alerts are"} open
            </Anchor>
            .{" "}
          </>
        )}
        <strong>{percent(now)}</strong> of features ({now} of {judged}) are at or above warn in their newest whole
        window, {percent(warned)} ({warned}) were in some window.
        {worst.length > 0 && (
          <>
            {" "}
            Critical:{" "}
            {worst.map(({ feature, window }, index) => (
              <span key={feature}>
                {index > 0 && ", "}
                <Anchor
                  component="button"
                  type="button"
                  inherit
                  c="inherit"
                  underline="always"
                  onClick={() => onOpen(feature, window)}
                >
                  {feature}
                </Anchor>{" "}
                in {window}
              </span>
            ))}
            {critical > worst.length && ` and ${critical - worst.length} more`}.
          </>
        )}
      </Text>
    </Alert>
  );
}
