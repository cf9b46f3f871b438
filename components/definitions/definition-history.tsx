"use client";

import { Badge, Button, CopyButton, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ErrorState } from "@/components/ui/error-state";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { definitionQueries } from "@/lib/client/definitions";
import type { DefinitionPath, DefinitionVersionEntry } from "@/lib/contracts/definitions";
import { DiffLines } from "./diff-lines";
import classes from "./definitions.module.css";

/** The versions of a declared object, newest first: who wrote them, when, and what changed. */
export function DefinitionHistory({
  workspace,
  of,
  name,
}: {
  workspace: string;
  of: DefinitionPath | "workspaces";
  name: string;
}) {
  const { data, error, refetch } = useQuery(definitionQueries.versions(workspace, of, name));
  return (
    <Section id="history" title="History" note={data && countOf(data)}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!error && !data && <Skeleton height={80} />}
      {data && <DocumentActions of={of} name={name} text={data.items.find(({ current }) => current)?.text} />}
      {data?.items.map((version) => (
        <Version key={version.version} version={version} />
      ))}
    </Section>
  );
}

/** Ways to take the document as it is declared now. A retired object has none. */
function DocumentActions({
  of,
  name,
  text,
}: {
  of: DefinitionPath | "workspaces";
  name: string;
  text: string | undefined;
}) {
  if (text === undefined) return null;
  return (
    <Group gap="xs" mb="xs">
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? "Copied" : "Copy as YAML"}
          </Button>
        )}
      </CopyButton>
      <Button
        size="compact-sm"
        variant="default"
        component={Link}
        href={`/specs?edit=${encodeURIComponent(`${of}/${name}`)}`}
      >
        Edit as YAML
      </Button>
    </Group>
  );
}

function countOf({ items, total }: { items: readonly unknown[]; total: number }): string {
  const count = `${total} ${total === 1 ? "version" : "versions"}`;
  return items.length < total ? `the newest ${items.length} of ${count}` : count;
}

function Version({ version }: { version: DefinitionVersionEntry }) {
  const count = (kind: string) => version.difference.filter((line) => line.kind === kind).length;
  return (
    <div className={classes.version}>
      <Group gap={8}>
        <Text size="sm" component="div">
          Version {version.version}
          {version.computes !== null && ` (computes as version ${version.computes})`} · {version.createdBy} ·{" "}
          <TimeAgo at={version.createdAt} /> ·{" "}
          <span className={classes.digest} title={version.digest}>
            {version.digest.slice(0, 12)}
          </span>
        </Text>
        {version.current && (
          <Badge size="xs" variant="light" color="gray">
            current
          </Badge>
        )}
      </Group>
      {version.difference.length > 0 && (
        <details>
          <summary>
            <Text span size="xs">
              {count("added")} {count("added") === 1 ? "line" : "lines"} added, {count("removed")} removed
            </Text>
          </summary>
          <DiffLines lines={version.difference} label={`What version ${version.version} changed`} />
        </details>
      )}
    </div>
  );
}
