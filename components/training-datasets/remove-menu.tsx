"use client";

import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { trainingMutations } from "@/lib/client/training-datasets";
import type { TrainingDataset } from "@/lib/contracts/training-datasets";

/** Dropping the kept rows, and deleting what nothing names. */
export function RemoveMenu({ workspace, dataset }: { workspace: string; dataset: TrainingDataset }) {
  const client = useQueryClient();
  const router = useRouter();
  const [asking, setAsking] = useState<"drop" | "delete" | null>(null);
  const drop = useMutation(trainingMutations.dropCache(client, workspace, dataset.name));
  const remove = useMutation(trainingMutations.remove(client, workspace, dataset.name));
  const close = () => setAsking(null);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={`More about ${dataset.name}`}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {dataset.cached && <Menu.Item onClick={() => setAsking("drop")}>Drop the kept rows</Menu.Item>}
          <Menu.Item color="red" onClick={() => setAsking("delete")}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FormDialog
        title={`Drop the rows of ${dataset.name}`}
        opened={asking === "drop"}
        submit="Drop rows"
        pending={drop.isPending}
        error={drop.error}
        onSubmit={() => drop.mutate(undefined, { onSuccess: close })}
        onClose={close}
      >
        <Text size="sm">
          The recipe and the digests stay. Recompute makes the same rows again, as long as what they are read from is
          there.
        </Text>
      </FormDialog>
      <FormDialog
        title={`Delete ${dataset.name}`}
        opened={asking === "delete"}
        submit="Delete"
        color="red"
        pending={remove.isPending}
        error={remove.error}
        onSubmit={() => remove.mutate(undefined, { onSuccess: () => router.push("/training-datasets") })}
        onClose={close}
      >
        <Text size="sm">
          It disappears from the list, and its name cannot be used again. What it used stays in the usage ledger.
        </Text>
      </FormDialog>
    </>
  );
}
