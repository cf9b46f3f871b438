"use client";

import { Anchor, Button, Group, Text } from "@mantine/core";
import Link from "next/link";
import { bareName } from "./graph/graph";
import { Sentence } from "@/components/ui/sentence";
import { VerdictMark } from "@/components/usage/verdict-mark";
import classes from "./lineage.module.css";
import { StateLine } from "./state-line";
import type { Leaks } from "./use-lineage-graph";

/** Every way on which test rows reach a model, in words. */
export function LeakList({
  leaks,
  isOn,
  shown,
  add,
  turnOn,
}: {
  leaks: Leaks | undefined;
  isOn: boolean;
  shown: ReadonlyMap<string, unknown>;
  add(ids: string[]): void;
  turnOn(): void;
}) {
  if (!isOn)
    return (
      <Group>
        <StateLine>Paths that leak test rows into a model</StateLine>
        <Button size="xs" variant="default" onClick={turnOn}>
          Show leaks
        </Button>
      </Group>
    );
  if (!leaks) return <StateLine>Searching for leaks …</StateLine>;
  if (leaks.leaks.length === 0)
    return <StateLine>No path leaks: no fit has been proved to have seen a model&apos;s test rows.</StateLine>;
  return (
    <ul className={classes.leaks} aria-label="Leaks">
      {leaks.leaks.map((leak) => {
        const way = wayOf(leak.edges);
        const missing = way.filter((id) => !shown.has(id));
        return (
          <li key={`${leak.modelVersionId} ${leak.feature} ${leak.estimator}`}>
            <Group gap="sm">
              <VerdictMark verdict={leak.verdict} severity={leak.severity} />
              <Text size="sm" fw={600}>
                {leak.estimator} → {leak.feature} → {leak.model} v{leak.version}
              </Text>
            </Group>
            <Text size="sm" maw="75ch">
              <Sentence text={leak.sentence} />
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {way.map(bareName).join(" → ")}
            </Text>
            <Group gap="md">
              <Anchor
                component={Link}
                size="sm"
                href={`/audit/usage?view=matrix&model=${leak.modelVersionId}&about=${leak.feature}`}
              >
                Proof
              </Anchor>
              {missing.length > 0 && (
                <Button size="compact-xs" variant="default" onClick={() => add(missing)}>
                  Add the {missing.length} nodes of it that are not in the graph
                </Button>
              )}
            </Group>
          </li>
        );
      })}
    </ul>
  );
}

/** Nodes of a chain of edges, in order, each once. */
const wayOf = (edges: readonly { from: string; to: string }[]): string[] => [
  ...new Set(edges.flatMap(({ from, to }) => [from, to])),
];
