"use client";

import { Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { featureQueries } from "@/lib/client/features";
import { chartOf } from "./chart-of-profiles";
import { HistogramChart } from "./histogram-chart";
import { figuresOf } from "./figures";

const OPTIONS = { edges: "even", cumulative: false, log: false, percent: false } as const;
const SHOWN = ["Rows", "Missing", "Mean", "Std", "Min", "Median", "Max", "Top value"];

/** The distribution over all rows with its main figures. */
export function ProfileGlance({ workspace, name, height = 170 }: { workspace: string; name: string; height?: number }) {
  const { data, isPending } = useQuery(featureQueries.profiles(workspace, name));
  if (isPending) return <Skeleton height={height} />;
  const all = data?.parts[0];
  if (!all)
    return (
      <Text size="sm" c="dimmed">
        No profile yet: it is computed when a run writes the feature.
      </Text>
    );
  const figures = figuresOf(all).filter((figure) => SHOWN.includes(figure.label));
  return (
    <div>
      <HistogramChart
        {...chartOf([{ ...all, part: "all" }], OPTIONS)}
        options={OPTIONS}
        height={height}
        label={`Distribution of ${name} over ${all.rows.toLocaleString("en")} rows`}
      />
      <Group gap="md" mt={4}>
        {figures.map((figure) => (
          <div key={figure.label}>
            <Text size="xs" c="dimmed">
              {figure.label}
            </Text>
            <Text size="sm" className="tr-number" ta="left">
              {figure.text}
            </Text>
          </div>
        ))}
      </Group>
    </div>
  );
}
