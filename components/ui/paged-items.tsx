import { Button, Group, type MantineSpacing, Skeleton, Stack, Text } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./error-state";

/** The items of the pages read so far, how many there are in all and a way to the next; what failed, is awaited or is empty says so. */
export function PagedItems<Item>({
  query,
  rowHeight = 30,
  gap = "xs",
  empty,
  children,
}: {
  query: UseInfiniteQueryResult<InfiniteData<{ items: Item[]; total: number }>>;
  /** Of the skeletons shown while the first page is awaited, in pixels. */
  rowHeight?: number;
  gap?: MantineSpacing;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data)
    return (
      <Stack gap={gap} role="status" aria-label="Loading">
        <Skeleton height={rowHeight} />
        <Skeleton height={rowHeight} />
      </Stack>
    );
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      <Group mt="sm" gap="md">
        <Text size="sm" c="dimmed">
          {items.length} of {data.pages[0]?.total}
        </Text>
        {hasNextPage && (
          <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </Group>
    </>
  );
}
