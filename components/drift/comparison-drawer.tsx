"use client";

import { Anchor, Drawer, Skeleton, Stack, Title } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { ErrorState } from "@/components/ui/error-state";
import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import { ComparisonView } from "./comparison-view";
import classes from "./drift.module.css";

/** The comparison of the cell that the URL names, over the page; `children` is what it shows while it is open. */
export function ComparisonDrawer({
  opened,
  onClose,
  children,
}: {
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size={760}>
      <Drawer.Overlay />
      <Drawer.Content aria-label="Comparison">
        <Drawer.Body pt="md">
          {/* Mantine's header would be a second banner of the page. */}
          <Drawer.CloseButton className={classes.close} aria-label="Close the comparison" />
          {opened && children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** One window of a feature against its reference, as far as it has arrived. */
export function Comparison({
  feature,
  window,
  query: { data, error, refetch },
}: {
  feature: string;
  window: string;
  query: { data: DriftComparison | undefined; error: Error | null; refetch: () => unknown };
}) {
  const label = data?.current.label ?? window;
  return (
    <Stack gap="sm">
      <Title order={2} pr={40}>
        <Anchor component={Link} href={`/features/${encodeURIComponent(feature)}`} inherit underline="always">
          {feature}
        </Anchor>
        , {label}
        {data && data.reference.label !== label ? ` against ${data.reference.label}` : ""}
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
