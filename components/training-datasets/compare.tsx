"use client";

import { List, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { ErrorState } from "@/components/ui/error-state";
import { trainingQueries } from "@/lib/client/training-datasets";
import { trainingPageParsers } from "./training-views";

/** In what another training dataset differs from this one. */
export function Compare({ workspace, name, others }: { workspace: string; name: string; others: string[] }) {
  const [asked, setAsked] = useQueryStates(trainingPageParsers);
  const { data, error, refetch } = useQuery(trainingQueries.difference(workspace, name, asked.with));
  if (others.length === 0)
    return (
      <Text size="sm" c="dimmed">
        There is no other training dataset to compare with.
      </Text>
    );
  return (
    <Stack gap="sm" maw={880}>
      <Select
        label="Compare with"
        placeholder="Another training dataset"
        clearable
        clearButtonProps={{ "aria-label": "Compare with none" }}
        searchable
        maw={360}
        value={asked.with}
        data={others}
        onChange={(other) => void setAsked({ with: other })}
      />
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {asked.with !== null && !data && !error && <Skeleton height={60} />}
      {data && (
        <div role="status">
          <Text size="sm">
            {data.sameRows ? "Both have the same rows in the same order." : "Their rows differ."}
            {data.differences.length === 0 && " Their recipes are equal."}
          </Text>
          <List size="sm" mt="xs">
            {data.differences.map(({ text }) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
        </div>
      )}
    </Stack>
  );
}
