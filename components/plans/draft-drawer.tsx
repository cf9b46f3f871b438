"use client";

import { Alert, Button, Drawer, Group, List, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { LineEditor, type LineEditorHandle } from "@/components/specs/line-editor";
import { SpecIssues } from "@/components/specs/spec-issues";
import { issuesOf } from "@/components/ui/issues";
import { specMutations } from "@/lib/client/specs";
import type { SpecPlan } from "@/lib/contracts/specs";
import classes from "./plan.module.css";

const EXAMPLE = `kind: Stage
name: airport_grid
entity: airport
estimator: KMeans
class: unsupervised
inputs: [airport.profile_scaled]
outputs:
  - { column: airport.segment, type: string }
params: { k: 8 }`;

/** Stages that are not registered yet, pasted as YAML: checked line by line, then part of this reader's plans. */
export function DraftDrawer({
  workspace,
  opened,
  onClose,
  drafts,
  onUse,
  onWant,
}: {
  workspace: string;
  opened: boolean;
  onClose(): void;
  drafts: string;
  onUse(yaml: string): void;
  /** Wants a column that the drafts write. */
  onWant(column: string): void;
}) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={640}
      title="Preview stages that are not registered yet"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {opened && <DraftForm workspace={workspace} drafts={drafts} onUse={onUse} onWant={onWant} />}
    </Drawer>
  );
}

function DraftForm({
  workspace,
  drafts,
  onUse,
  onWant,
}: {
  workspace: string;
  drafts: string;
  onUse(yaml: string): void;
  onWant(column: string): void;
}) {
  const [text, setText] = useState(drafts);
  const editor = useRef<LineEditorHandle>(null);
  const issuesId = useId();
  const check = useMutation({ ...specMutations.plan(), onSuccess: (_, body) => onUse(body.documents as string) });
  const issues = issuesOf(check.error);
  const marked = new Set(issues.flatMap(({ line }) => line ?? []));
  return (
    <Stack gap="md">
      <Text size="sm">
        Paste spec documents: new stages, or changed copies of registered ones. They are used in your plans in this
        browser tab only. Nothing is stored.
      </Text>
      <LineEditor
        ref={editor}
        label="Spec documents as YAML"
        value={text}
        onChange={(value) => {
          setText(value);
          check.reset();
        }}
        marked={marked}
        describedBy={issuesId}
        placeholder={EXAMPLE}
      />
      {check.error && <SpecIssues id={issuesId} error={check.error} onLine={(_, line) => editor.current?.goTo(line)} />}
      {check.data && <Accepted plan={check.data} yaml={text} onWant={onWant} />}
      <Group justify="flex-end">
        {drafts !== "" && (
          <Button
            variant="default"
            onClick={() => {
              setText("");
              onUse("");
              check.reset();
            }}
          >
            Stop previewing
          </Button>
        )}
        <Button
          loading={check.isPending}
          disabled={text.trim() === ""}
          onClick={() => check.mutate({ workspace, documents: text, prune: false })}
        >
          Check and use
        </Button>
      </Group>
    </Stack>
  );
}

const DOES = { create: "new", change: "changed", replace: "a new version", retire: "retired" } as const;

/** What the documents would do to the registry, and the columns that can be wanted now. */
function Accepted({ plan, yaml, onWant }: { plan: SpecPlan; yaml: string; onWant(column: string): void }) {
  const columns = outputsIn(yaml);
  return (
    <Alert color="teal" title="Used in your plans" role="status">
      {plan.differences.length === 0 ? (
        <Text size="sm">Already registered, without a difference.</Text>
      ) : (
        <List size="sm">
          {plan.differences.map(({ kind, name, action }) => (
            <List.Item key={`${kind} ${name}`}>
              {kind} <b>{name}</b>: {DOES[action]}
            </List.Item>
          ))}
        </List>
      )}
      {plan.newGroups.length > 0 && (
        <Text size="sm" mt={4}>
          Owners that are neither a group nor a person: {plan.newGroups.join(", ")}. Applying makes groups of these
          names, without members.
        </Text>
      )}
      {plan.warnings.map(({ message }) => (
        <Text key={message} size="sm" mt={4}>
          {message}
        </Text>
      ))}
      {columns.length > 0 && (
        <Group gap="xs" mt="sm">
          <Text size="sm">Plan</Text>
          {columns.map((column) => (
            <Button
              key={column}
              size="compact-sm"
              variant="light"
              className={classes.column}
              onClick={() => onWant(column)}
            >
              {column}
            </Button>
          ))}
        </Group>
      )}
    </Alert>
  );
}

/** Columns that the documents write, as they are listed under `outputs`. */
function outputsIn(yaml: string): string[] {
  const found = yaml.matchAll(/column:\s*["']?([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)/g);
  return [...new Set(Array.from(found, ([, column]) => column as string))];
}
