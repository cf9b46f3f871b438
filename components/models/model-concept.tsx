"use client";

import { Anchor, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import classes from "@/components/runs/runs.module.css";
import { StateBadge } from "@/components/ui/state-badge";
import { conceptQueries } from "@/lib/client/concept-drift";

/** Whether the model's predictions still come true, in a line for each monitor; the picture is on the page of drift. */
export function ModelConcept({ workspace, model }: { workspace: string; model: string }) {
  const { data } = useQuery(conceptQueries.all(workspace));
  const watching = data?.series.filter((series) => series.model === model) ?? [];
  const href = `/drift?${new URLSearchParams({ view: "concept", model }).toString()}`;
  return (
    <section className={classes.panel} aria-labelledby="concept">
      <Title order={2} mb="sm" id="concept">
        Live performance
      </Title>
      {watching.map(({ monitor, metricName, environment, points }) => {
        const newest = points.findLast(({ state }) => state !== "insufficient_data") ?? points.at(-1);
        return (
          <Text key={monitor} size="sm" mb={4} component="div">
            {metricName} of {environment} predictions by {monitor}
            {newest ? `, window from ${newest.from.slice(0, 10)}: ` : ": nothing joined yet"}
            {newest && <StateBadge state={newest.state} />}
          </Text>
        );
      })}
      {data && watching.length === 0 && (
        <Text size="sm" c="dimmed">
          No monitor yet.
        </Text>
      )}
      <Anchor component={Link} href={href} size="sm" underline="always">
        {watching.length > 0 ? "See the metric over time" : "How to monitor it"}
      </Anchor>
    </section>
  );
}
