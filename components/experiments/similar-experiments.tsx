"use client";

import { Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { experimentQueries } from "@/lib/client/experiments";
import { ExperimentItem } from "./experiment-item";
import itemList from "@/components/ui/item-list.module.css";

const DEBOUNCE_MS = 400;

/** What was tried before that is like what is being written: shown while one writes, not after one has saved. */
export function SimilarExperiments({
  workspace,
  text,
  features,
  stages,
  except,
}: {
  workspace: string;
  text: string;
  features: string[];
  stages: string[];
  except?: number;
}) {
  const [asked] = useDebouncedValue(text.trim().slice(0, 6000), DEBOUNCE_MS);
  const { data } = useQuery(
    experimentQueries.similar({ workspace, text: asked, feature: features, stage: stages, except }),
  );
  const items = asked.length >= 10 ? (data?.items ?? []) : [];
  return (
    <section aria-labelledby="similar">
      <Title order={2} id="similar" mb={4}>
        Tried before?
      </Title>
      <Text size="sm" c="dimmed" aria-live="polite">
        {asked.length < 10
          ? "Earlier experiments that are like yours appear here as you write."
          : items.length === 0
            ? "No earlier experiment is like this one."
            : `${items.length} ${items.length === 1 ? "experiment is" : "experiments are"} like this one. Read what was learned before you repeat it.`}
      </Text>
      <ul className={itemList.items}>
        {items.map(({ experiment, shared, words }) => (
          <ExperimentItem key={experiment.number} experiment={experiment}>
            <Text size="xs" c="dimmed">
              {shared.length > 0 ? `Both are about ${shared.join(", ")}. ` : ""}
              {words.length > 0 && `${words.length} words in common.`}
            </Text>
          </ExperimentItem>
        ))}
      </ul>
    </section>
  );
}
