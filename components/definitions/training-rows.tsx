"use client";

import { Anchor, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { useOrigin } from "@/components/features/use-origin";
import { CodeBlock } from "@/components/ui/code-block";
import type { DeclaredDetail } from "@/lib/contracts/definitions";
import { trainingRowsSnippets } from "./training-rows-snippets";

/** How to get a service's features for training. */
export function TrainingRows({ service, spineKeys }: { service: string; spineKeys: DeclaredDetail["spineKeys"] }) {
  const origin = useOrigin();
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        What each feature was at the moment of each row, as production serves it. Put a token into TRIBUTARY_TOKEN
        (Settings → Tokens). To keep the rows, with digests and what leaks:{" "}
        <Anchor component={Link} href={`/training-datasets/new?service=${service}`} inherit underline="always">
          new training dataset
        </Anchor>
        .
      </Text>
      {trainingRowsSnippets(service, spineKeys ?? [], origin).map(({ label, code }) => (
        <CodeBlock key={label} code={code.trimEnd()} label={`${label} snippet`} />
      ))}
    </Stack>
  );
}
