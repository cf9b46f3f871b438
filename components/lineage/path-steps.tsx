"use client";

import { Anchor, Group, Text } from "@mantine/core";
import type { LineagePaths } from "@/lib/contracts/lineage-paths";
import { bareName } from "./graph/graph";
import classes from "./lineage.module.css";
import { roleWords } from "./role-words";
import { StateLine } from "./state-line";

/** The shortest ways between two nodes, step by step; a step leads to its node in the graph. */
export function PathSteps({
  path,
  isAsked,
  show,
}: {
  path: LineagePaths | undefined;
  isAsked: boolean;
  show(id: string): void;
}) {
  if (!isAsked) return <StateLine>Choose two nodes under Path to see how data get from one to the other.</StateLine>;
  if (!path) return <StateLine>Finding the shortest path …</StateLine>;
  const [from, to] = [bareName(path.from), bareName(path.to)];
  if (path.paths.length === 0)
    return (
      <StateLine>
        {path.exhausted
          ? `No data flow between ${from} and ${to}, in either direction.`
          : `No path was found among ${path.visited} nodes; the search ended there, so there may still be one.`}
      </StateLine>
    );
  return (
    <>
      <StateLine>
        {path.direction === "up" ? `Data flow from ${to} to ${from}` : `Data flow from ${from} to ${to}`} in{" "}
        {path.steps} {path.steps === 1 ? "step" : "steps"}
        {path.total > 1 && `; ${path.paths.length} of ${path.total} paths of that length`}.
      </StateLine>
      {path.paths.map((edges, index) => (
        <section key={index} aria-label={`Path ${index + 1}`}>
          {path.paths.length > 1 && (
            <Text size="sm" fw={600} mt="sm">
              Path {index + 1}
            </Text>
          )}
          <ol className={classes.steps}>
            {edges.map((edge) => (
              <li key={`${edge.from} ${edge.to} ${edge.role}`}>
                <Group gap={6}>
                  <Anchor component="button" type="button" fz="sm" onClick={() => show(edge.from)}>
                    {bareName(edge.from)}
                  </Anchor>{" "}
                  <Text span size="sm" c="dimmed">
                    {roleWords(edge)}
                  </Text>{" "}
                  <Anchor component="button" type="button" fz="sm" onClick={() => show(edge.to)}>
                    {bareName(edge.to)}
                  </Anchor>
                </Group>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}
