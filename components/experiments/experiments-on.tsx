"use client";

import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Section } from "@/components/ui/section";
import { experimentQueries } from "@/lib/client/experiments";
import { countOutcomes } from "@/lib/domain/experiments/experiment";
import { ExperimentItem } from "./experiment-item";
import itemList from "@/components/ui/item-list.module.css";

/** Experiments on a feature or stage with what was learned, so that nobody repeats one unknowingly. */
export function ExperimentsOn({
  workspace,
  about,
}: {
  workspace: string;
  about: { feature: string } | { stage: string };
}) {
  const { data } = useQuery(experimentQueries.on(workspace, about));
  const query = new URLSearchParams({ ...about }).toString();
  if (!data) return null;
  return (
    <Section
      id="experiments"
      title="Experiments on this"
      note={data.total > 0 ? countOutcomes(data.items.map((item) => item.outcome)) : undefined}
    >
      {data.total === 0 ? (
        <Text size="sm" c="dimmed">
          No experiments yet.{" "}
          <Anchor component={Link} href={`/experiments/new?${query}`} inherit underline="always">
            Write one
          </Anchor>
        </Text>
      ) : (
        <>
          <ul className={itemList.items}>
            {data.items.map((experiment) => (
              <ExperimentItem key={experiment.number} experiment={experiment} />
            ))}
          </ul>
          {data.total > data.items.length && (
            <Anchor component={Link} href={`/experiments?${query}`} size="sm">
              All {data.total}
            </Anchor>
          )}
        </>
      )}
    </Section>
  );
}
