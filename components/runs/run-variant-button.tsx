"use client";

import { Button, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { runMutations } from "@/lib/client/runs";

/** Runs one variant of a pipeline now, and leads to the run. */
export function RunVariantButton({
  workspace,
  pipeline,
  variant,
  words,
}: {
  workspace: string;
  pipeline: string;
  /** Its number, from 0. */
  variant: number;
  /** What it is called. */
  words: string;
}) {
  const router = useRouter();
  const start = useMutation(runMutations.start(useQueryClient()));
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlayerPlay size={14} />}
        aria-label={`Run ${words}`}
        loading={start.isPending || start.isSuccess}
        onClick={() =>
          start.mutate({ workspace, pipeline, variant }, { onSuccess: (run) => router.push(`/runs/${run.id}`) })
        }
      >
        Run
      </Button>
      {start.error && (
        <Text size="xs" c="red" role="alert">
          {start.error.message}
        </Text>
      )}
    </>
  );
}
