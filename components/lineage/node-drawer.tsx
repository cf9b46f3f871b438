"use client";

import {
  Anchor,
  Button,
  CloseButton,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Switch,
  Text,
  Title,
} from "@mantine/core";
import { IconFocus2 } from "@tabler/icons-react";
import Link from "next/link";
import { CodeBlock } from "@/components/ui/code-block";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import type { Environment } from "@/lib/domain/environments";
import { bareName, type GraphNode } from "./graph/graph";
import classes from "./lineage.module.css";
import { KINDS } from "./node-kinds";
import { useNodeFacts } from "./use-node-facts";
import type { Marks } from "./use-marks";
import type { Explorer } from "./use-lineage-state";

/** The selected node: what it is, its columns (each can be traced), its runs and the way to its own page. */
export function NodeDrawer({
  workspace,
  explorer,
  node,
  marks,
  names,
}: {
  workspace: string;
  explorer: Explorer;
  node: GraphNode;
  marks: Marks;
  /** Names of shown nodes by id. */
  names: ReadonlyMap<string, { name: string }>;
}) {
  const { select, refocus, focus, rollUp, state, set } = explorer;
  const { label, href } = KINDS[node.kind];
  const page = node.retired ? undefined : href?.(node.name);
  const isPlain = node.kind !== "group" && rollUp === "column";
  return (
    <aside className={classes.drawer} aria-label={`${label} ${node.name}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Text size="xs" c="dimmed">
            {[label, node.detail].filter(Boolean).join(" · ")}
          </Text>
          <Title order={2} style={{ overflowWrap: "anywhere" }}>
            {node.name}
          </Title>
        </div>
        <CloseButton aria-label="Close" onClick={() => select(null)} />
      </Group>
      <Facts node={node} />
      <Group gap="sm">
        {page && (
          <Button component={Link} href={page} size="compact-sm" variant="default">
            Open its page
          </Button>
        )}
        {canFocus(node) && (node.id !== focus || rollUp !== "column") && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconFocus2 size={14} />}
            onClick={() => refocus(node.id)}
          >
            Focus here
          </Button>
        )}
        {node.kind === "group" && node.members.length > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => set({ open: [...new Set([...state.open, node.name])], node: null })}
          >
            Open the group
          </Button>
        )}
        {isPlain && (
          <Button size="compact-sm" variant="default" onClick={() => set({ panel: "impact" })}>
            Impact
          </Button>
        )}
      </Group>
      {rollUp === "column" && <Trace explorer={explorer} node={node} marks={marks} />}
      {node.members.length > 0 && <Members node={node} names={names} />}
      {node.kind !== "group" && <Definition workspace={workspace} explorer={explorer} node={node} />}
    </aside>
  );
}

const canFocus = ({ id, kind }: GraphNode) => kind !== "group" && KINDS[kind] !== undefined && id.includes(":");

function Facts({ node }: { node: GraphNode }) {
  const rows: [string, React.ReactNode][] = [
    ["Entity", node.entity],
    ["Owner", node.owner],
    [
      "Served in",
      node.environments.length > 0 && (
        <Group gap={4}>
          {node.environments.map((environment) => (
            <EnvironmentBadge key={environment} environment={environment as Environment} />
          ))}
        </Group>
      ),
    ],
    ["Drift", node.drift && <StateBadge state={node.drift} />],
    ["Leakage", node.leak && <StateBadge state={node.leak} />],
    ["State", node.retired && "retired"],
  ];
  const shown = rows.filter(([, value]) => value);
  if (shown.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How far the light goes: up, down or both; by nodes, or exactly by columns. */
function Trace({ explorer, node, marks }: { explorer: Explorer; node: GraphNode; marks: Marks }) {
  const { state, set } = explorer;
  const isColumn = node.kind === "feature";
  const flows = marks.columns?.flows ?? [];
  const inexact = new Set(flows.filter(({ exact }) => !exact).map(({ stage }) => stage));
  return (
    <Stack gap={6}>
      <Group gap="md">
        <SegmentedControl
          size="xs"
          aria-label="Direction of the trace"
          value={state.trace}
          data={[
            { value: "up", label: "Upstream" },
            { value: "both", label: "Both" },
            { value: "down", label: "Downstream" },
          ]}
          onChange={(trace) => set({ trace: trace as typeof state.trace })}
        />
        {isColumn && (
          <Switch
            size="xs"
            label="By column"
            checked={state.exact}
            onChange={(event) => set({ exact: event.currentTarget.checked })}
          />
        )}
      </Group>
      <Text size="xs" c="dimmed" role="status">
        {marks.traced !== null && `${marks.traced} nodes of the trace are shown`}
        {state.exact && isColumn && marks.columns && `, of ${marks.columns.columns.length} columns in all`}
        {inexact.size > 0 &&
          `; ${[...inexact].join(", ")} cannot be analysed by column, so every input counts for every output`}
      </Text>
    </Stack>
  );
}

const MOST_MEMBERS = 50;

function Members({ node, names }: { node: GraphNode; names: ReadonlyMap<string, { name: string }> }) {
  return (
    <section>
      <Title order={3}>{node.members.length} nodes</Title>
      <ul className={classes.columns}>
        {node.members.slice(0, MOST_MEMBERS).map((id) => (
          <li key={id}>{names.get(id)?.name ?? bareName(id)}</li>
        ))}
        {node.members.length > MOST_MEMBERS && <li>and {node.members.length - MOST_MEMBERS} more</li>}
      </ul>
    </section>
  );
}

function Definition({ workspace, explorer, node }: { workspace: string; explorer: Explorer; node: GraphNode }) {
  const facts = useNodeFacts(workspace, node);
  const { set, state } = explorer;
  if (facts === null) return null;
  if (facts === undefined) return <Skeleton height={96} />;
  const trace = (column: string) => {
    const id = `feature:${column}`;
    set({ node: id, exact: true, ...(state.add.includes(id) ? {} : { add: [...state.add, id] }) });
  };
  return (
    <>
      {facts.description && <Text size="sm">{facts.description}</Text>}
      {facts.columns.map(({ title, names }) => (
        <section key={title}>
          <Title order={3}>{title}</Title>
          <ul className={classes.columns}>
            {names.map((column) => (
              <li key={column}>
                <span>{column}</span>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Trace column ${column}`}
                  onClick={() => trace(column)}
                >
                  trace
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {facts.runs.length > 0 && (
        <section>
          <Title order={3}>Runs</Title>
          <ul className={classes.columns}>
            {facts.runs.map(({ key, href, title, at, note }) => (
              <li key={key}>
                <Anchor component={Link} href={href} size="sm">
                  {title}
                </Anchor>
                <Text span size="xs" c="dimmed">
                  {note}
                  {at && (
                    <>
                      , <TimeAgo at={at} />
                    </>
                  )}
                </Text>
              </li>
            ))}
          </ul>
        </section>
      )}
      {facts.yaml && (
        <section>
          <Title order={3}>Definition</Title>
          <CodeBlock code={facts.yaml} label={`definition of ${node.name}`} />
        </section>
      )}
    </>
  );
}
