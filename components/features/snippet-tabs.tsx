"use client";

import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { CodeBlock } from "@/components/ui/code-block";
import { snippetsFor } from "./snippets";

/** How to get the values, filled in for this feature. */
export function SnippetTabs({ feature, origin }: { feature: FeatureDetail; origin: string }) {
  const snippets = snippetsFor(feature, origin);
  const [chosen, choose] = useState(snippets[0]?.id);
  const snippet = snippets.find(({ id }) => id === chosen) ?? snippets[0];
  if (!snippet) return null;
  const isOnline = snippets.some(({ id }) => id === "curl");
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {isOnline
          ? "Put a token into TRIBUTARY_TOKEN (Settings → Tokens); the rest is filled in."
          : "Not served online: no online view has it, or no environment serves a version. Until then, read the values where they are."}
      </Text>
      <SegmentedControl
        aria-label="Language"
        size="xs"
        data={snippets.map(({ id, label }) => ({ value: id, label }))}
        value={snippet.id}
        onChange={choose}
        style={{ alignSelf: "flex-start", maxWidth: "100%" }}
      />
      <CodeBlock code={snippet.code.trimEnd()} label={`${snippet.label} snippet`} />
    </Stack>
  );
}
