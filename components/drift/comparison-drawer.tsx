"use client";

import { Anchor, Drawer, Skeleton, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ErrorState } from "@/components/ui/error-state";
import { driftQueries, type DriftTermsQuery } from "@/lib/client/drift";
import { ComparisonView } from "./comparison-view";
import classes from "./drift.module.css";

/** The comparison of the cell that the URL names. */
export function ComparisonDrawer({
  query,
  feature,
  window,
  onClose,
}: {
  query: DriftTermsQuery;
  feature: string | null;
  window: string | null;
  onClose: () => void;
}) {
  const opened = feature !== null && window !== null;
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size={760}>
      <Drawer.Overlay />
      <Drawer.Content aria-label="Comparison">
        <Drawer.Body pt="md">
          {/* Mantine's header would be a second banner of the page. */}
          <Drawer.CloseButton className={classes.close} aria-label="Close the comparison" />
          {opened && <Comparison query={query} feature={feature} window={window} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Comparison({ query, feature, window }: { query: DriftTermsQuery; feature: string; window: string }) {
  const { data, error, refetch } = useQuery(driftQueries.comparison({ ...query, feature, window }));
  return (
    <Stack gap="sm">
      <Title order={2} pr={40}>
        <Anchor component={Link} href={`/features/${encodeURIComponent(feature)}`} inherit underline="always">
          {feature}
        </Anchor>
        , {window}
        {data && data.reference.label !== window ? ` against ${data.reference.label}` : ""}
      </Title>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data ? (
        <ComparisonView comparison={data} />
      ) : (
        <Stack gap="md" role="status" aria-label="Loading">
          <Skeleton height={24} width="50%" />
          <Skeleton height={220} />
        </Stack>
      )}
    </Stack>
  );
}
