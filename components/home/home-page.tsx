"use client";

import { SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "@/components/ui/error-state";
import { homeQueries } from "@/lib/client/home";
import { ActivityPanel } from "./activity-panel";
import { AttentionPanel } from "./attention-panel";
import { FirstSteps } from "./first-steps";
import { PopularFeatures } from "./popular-features";
import { StartActions } from "./start-actions";
import { WaitingPanel } from "./waiting-panel";

/** What a person should know first, and where to go from here. */
export function HomePage({ workspace }: { workspace: string }) {
  const { data, error, refetch } = useQuery(homeQueries.detail(workspace));
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      <FirstSteps steps={data.steps} />
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md" mb="lg">
        <WaitingPanel waiting={data.waiting} />
        <AttentionPanel items={data.attention} />
        <ActivityPanel activity={data.activity} />
      </SimpleGrid>
      <PopularFeatures features={data.popular} />
      <StartActions />
    </>
  );
}
