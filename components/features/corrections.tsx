"use client";

import { Button, Text } from "@mantine/core";
import type { FeatureList } from "@/lib/contracts/features";
import { formatQuery } from "@/lib/domain/search/query";
import type { Discovery } from "./use-discovery";

/** Says which words were taken for typing errors, and lets the reader insist on what they wrote. */
export function Corrections({
  corrections,
  discovery: { parts, setParts },
}: {
  corrections: FeatureList["corrections"];
  discovery: Discovery;
}) {
  if (corrections.length === 0) return null;
  const exactly = parts.map((part) =>
    part.kind === "word" && corrections.some(({ from }) => part.text.toLowerCase().includes(from))
      ? { ...part, phrase: true }
      : part,
  );
  return (
    <Text size="sm" mt={8} role="status">
      Showing results for{" "}
      {corrections.map(({ from, to }, at) => (
        <span key={from}>
          {at > 0 && ", "}
          <strong>{to.join(" or ")}</strong> <span style={{ opacity: 0.8 }}>(not {from})</span>
        </span>
      ))}
      {". "}
      <Button size="compact-xs" variant="subtle" onClick={() => setParts(exactly)}>
        Search for exactly “{formatQuery(parts)}”
      </Button>
    </Text>
  );
}
