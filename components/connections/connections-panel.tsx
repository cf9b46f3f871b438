"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { connectionQueries } from "@/lib/client/connections";
import type { Connection } from "@/lib/contracts/connections";
import { ConnectionDialog } from "./connection-dialog";
import { ConnectionTable } from "./connection-table";

/** Databases that sources of the workspace may read. */
export function ConnectionsPanel({ workspace, manages }: { workspace: string; manages: boolean }) {
  const { data, error, refetch } = useQuery(connectionQueries.list(workspace));
  const [edited, edit] = useState<Connection | "new" | null>(null);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  const button = manages && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => edit("new")}>
      New connection
    </Button>
  );
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState title="No connections" action={button || undefined}>
          A connection lets sources read tables of a Postgres database. An administrator makes it; its password is kept
          encrypted and never shown.
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between" mb="sm">
            <Text size="sm" c="dimmed">
              {data.total} {data.total === 1 ? "connection" : "connections"}
            </Text>
            {button}
          </Group>
          <ConnectionTable workspace={workspace} connections={data.items} manages={manages} onEdit={edit} />
        </>
      )}
      {edited !== null && (
        <ConnectionDialog
          workspace={workspace}
          connection={edited === "new" ? null : edited}
          onClose={() => edit(null)}
        />
      )}
    </>
  );
}
