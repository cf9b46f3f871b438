"use client";

import { Anchor, Button, Stack, Table, Text } from "@mantine/core";
import { ActionsHeading } from "@/components/ui/actions-heading";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { bytesInWords } from "@/components/runs/figures";
import { EmptyState } from "@/components/ui/empty-state";
import { FormError } from "@/components/ui/form-error";
import { PageHeader } from "@/components/ui/page-header";
import { PagedItems } from "@/components/ui/paged-items";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { retentionMutations, retentionQueries } from "@/lib/client/retention";
import type { KeptVersion } from "@/lib/contracts/retention";
import { PinDialog } from "./pin-dialog";
import { RetentionDialog } from "./retention-dialog";

/** For how long the bytes of sources are kept: what expires next, what is pinned, what is gone. */
export function RetentionPage({ workspace }: { workspace: string }) {
  const query = useInfiniteQuery(retentionQueries.pages(workspace));
  const [edits, setEdits] = useState(false);
  const [pinning, setPinning] = useState<KeptVersion | null>(null);
  const first = query.data?.pages[0];
  return (
    <>
      <PageHeader
        title="Retention"
        facts={first && `${daysInWords(first.days)} ${first.keptFiles === 1 ? "1 file" : `${first.keptFiles.toLocaleString("en-US")} files`}, ${bytesInWords(first.keptBytes)}, kept now.`} // prettier-ignore
        actions={
          first?.actions.includes("edit") ? (
            <Button variant="default" onClick={() => setEdits(true)}>
              Set retention
            </Button>
          ) : undefined
        }
      />
      <Text maw="75ch" mb="md" size="sm">
        A run is reproduced on the bytes that it read. The files of every version of a source are kept, each content
        once, until a newer version has been there for longer than the retention. A pinned version stays.
      </Text>
      <PagedItems
        query={query}
        empty={
          <EmptyState title="No versions yet">The first run that reads a source records its first version.</EmptyState>
        }
      >
        {(items) => (
          <Versions
            workspace={workspace}
            items={items}
            mayPin={first?.actions.includes("pin") ?? false}
            onPin={setPinning}
          />
        )}
      </PagedItems>
      {edits && first && <RetentionDialog workspace={workspace} days={first.days} onClose={() => setEdits(false)} />}
      {pinning && <PinDialog workspace={workspace} version={pinning} onClose={() => setPinning(null)} />}
    </>
  );
}

function daysInWords(days: number | null): string {
  if (days === null) return "Versions are kept for ever.";
  if (days === 0) return "No bytes are kept.";
  return `Versions are kept for ${days === 1 ? "a day" : `${days.toLocaleString("en-US")} days`} after a newer one.`;
}

function Versions({
  workspace,
  items,
  mayPin,
  onPin,
}: {
  workspace: string;
  items: KeptVersion[];
  mayPin: boolean;
  onPin(version: KeptVersion): void;
}) {
  const unpin = useMutation(retentionMutations.unpin(useQueryClient()));
  return (
    <Stack gap="sm">
      <FormError error={unpin.error} title="Could not unpin" />
      <WideTable label="Versions of sources" minWidth={900}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Bytes</Table.Th>
              <Table.Th>Until</Table.Th>
              <Table.Th data-numeric>Size</Table.Th>
              <Table.Th pl="lg">Recorded</Table.Th>
              <Table.Th>Read by</Table.Th>
              {mayPin && <ActionsHeading />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={`${one.dataset}@${one.version}`}>
                <Table.Td>
                  <Anchor component={Link} href={`/datasets/${encodeURIComponent(one.dataset)}?tab=versions`} fw={500}>
                    {one.dataset}
                  </Anchor>{" "}
                  v{one.version}
                </Table.Td>
                <Table.Td>
                  <StateBadge state={stateOf(one)} />
                </Table.Td>
                <Table.Td>
                  <Until version={one} />
                </Table.Td>
                <Table.Td data-numeric>{bytesInWords(one.bytes)}</Table.Td>
                <Table.Td pl="lg" style={{ whiteSpace: "nowrap" }}>
                  <TimeAgo at={one.recordedAt} />
                </Table.Td>
                <Table.Td>{readersInWords(one)}</Table.Td>
                {mayPin && (
                  <Table.Td>
                    {one.pin ? (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Unpin ${one.dataset} v${one.version}`}
                        loading={
                          unpin.isPending &&
                          unpin.variables.version === one.version &&
                          unpin.variables.dataset === one.dataset
                        }
                        onClick={() => unpin.mutate({ workspace, dataset: one.dataset, version: one.version })}
                      >
                        Unpin
                      </Button>
                    ) : (
                      one.keptAt !== null &&
                      one.expiredAt === null && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Pin ${one.dataset} v${one.version}`}
                          onClick={() => onPin(one)}
                        >
                          Pin
                        </Button>
                      )
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Stack>
  );
}

function stateOf({ pin, expiredAt, expiresAt, keptAt }: KeptVersion): string {
  if (expiredAt !== null) return "gone";
  if (keptAt === null) return "not_kept";
  if (pin) return "pinned";
  return expiresAt === null ? "kept" : "expires";
}

function Until({ version: { pin, expiredAt, expiresAt, keptAt, notKept, replacedAt } }: { version: KeptVersion }) {
  if (expiredAt !== null) return <>removed on {expiredAt.slice(0, 10)}</>;
  if (keptAt === null)
    return (
      <Text size="sm" c="dimmed">
        {notKept}
      </Text>
    );
  if (pin)
    return (
      <>
        unpinned
        <Text size="xs" c="dimmed">
          {pin.by}: {pin.reason}
        </Text>
      </>
    );
  if (expiresAt !== null) return <>{expiresAt.slice(0, 10)}</>;
  return <>{replacedAt === null ? "it is replaced" : "for ever"}</>;
}

function readersInWords({ runs, trainingDatasets }: KeptVersion): string {
  const read = runs === 0 ? [] : [runs === 1 ? "1 run" : `${runs.toLocaleString("en-US")} runs`];
  return [...read, ...trainingDatasets].join(", ") || "–";
}
