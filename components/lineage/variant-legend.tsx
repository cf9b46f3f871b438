"use client";

import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lineageQueries } from "@/lib/client/lineage";
import { letterOf, VARIANT_COLOURS } from "./ink";
import classes from "./lineage.module.css";
import { StateLine } from "./state-line";

/** The variants of a pipeline with their letters, and how they differ. What has no letter belongs to all of them, or to none. */
export function VariantLegend({ workspace, pipeline }: { workspace: string; pipeline: string }) {
  const { data, error } = useQuery(lineageQueries.variants(workspace, pipeline));
  if (error) return <StateLine tone="error">{error.message}</StateLine>;
  if (!data) return <StateLine>Planning the variants of {pipeline} …</StateLine>;
  if (data.variants.length === 0) return <StateLine>{pipeline} has no plan, so there is nothing to colour.</StateLine>;
  if (data.variants.length === 1)
    return <StateLine>{pipeline} has one variant: there is nothing to tell apart.</StateLine>;
  return (
    <div>
      <ul className={classes.legend} aria-label={`Variants of ${pipeline}`}>
        {data.variants.map(({ index, choice, cost }, at) => (
          <li key={index}>
            <span
              className={classes.letter}
              style={{ borderColor: `var(${VARIANT_COLOURS[at % VARIANT_COLOURS.length]})` }}
            >
              {letterOf(at)}
            </span>
            {Object.values(choice).join(" + ")}
            <Text span size="xs" c="dimmed">
              cost {cost}
            </Text>
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed">
        {data.variants.length} of {data.atLeast && "at least "}
        {data.total} variants. What has no letter belongs to all of them, or to none.
      </Text>
    </div>
  );
}
