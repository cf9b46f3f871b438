"use client";

import { Alert, Anchor, Button, Group, List, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useId, useRef, useState } from "react";
import { LineEditor, type LineEditorHandle } from "@/components/specs/line-editor";
import { SpecOutcome } from "@/components/specs/spec-outcome";
import { useSpecPlan } from "@/components/specs/use-spec-plan";
import { issuesOf } from "@/components/ui/issues";
import { inspectionMutations } from "@/lib/client/inspection";
import type { InspectBody, Inspection } from "@/lib/contracts/inspection";
import classes from "./add-data.module.css";
import { ChooseFile } from "./choose-file";
import { ChooseTable } from "./choose-table";
import { DraftColumns } from "./draft-columns";
import { FilePreview } from "./file-preview";
import { edits, readDraft, type SourceDraft, writeDraft } from "./source-draft";

/** From a file or a table to a source: choose it, see what it is, change what is proposed, apply. */
export function AddData({ workspace }: { workspace: string }) {
  const [yaml, setYaml] = useState("");
  const inspect = useMutation(inspectionMutations.inspect());
  const read = (what: Omit<InspectBody, "workspace">) =>
    inspect.mutate({ workspace, ...what }, { onSuccess: ({ spec }) => setYaml(spec) });
  const { data, error, isPending } = inspect;
  return (
    <Stack gap="md">
      <ChooseFile workspace={workspace} busy={isPending} onChosen={read} />
      <ChooseTable workspace={workspace} busy={isPending} onChosen={read} />
      {isPending && <Skeleton h={240} aria-label="Reading the data" />}
      {error && !isPending && (
        <Alert color="red" role="alert" title="The data cannot be read">
          {error.message}
        </Alert>
      )}
      {data && !isPending && (
        <Proposal
          workspace={workspace}
          found={data}
          yaml={yaml}
          onYaml={setYaml}
          onReadAgain={({ source: { name, format, location, connection, table, sql, reading = {} } }) =>
            read(format === "postgres" ? { name, connection, table, sql } : { name, format, location, reading })
          }
        />
      )}
    </Stack>
  );
}

function Proposal({
  workspace,
  found,
  yaml,
  onYaml,
  onReadAgain,
}: {
  workspace: string;
  found: Inspection;
  yaml: string;
  onYaml: (text: string) => void;
  onReadAgain: (draft: SourceDraft) => void;
}) {
  const draft = readDraft(yaml);
  const planned = useSpecPlan(workspace, yaml);
  const issuesId = useId();
  const editor = useRef<LineEditorHandle>(null);
  const change = (next: SourceDraft) => onYaml(writeDraft(next));
  const bytes = found.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Stack gap="md">
      <Text role="status">
        {found.isPart ? "The first " : ""}
        {found.rows.toLocaleString("en-US")} rows and {found.columns.length} columns{" "}
        {found.format === "postgres"
          ? "of the table."
          : `in ${found.files.length === 1 ? "one file" : `${found.files.length} files`} (${found.format}, ${(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB).`}
      </Text>
      {found.warnings.length > 0 && (
        <Alert color="yellow" title="Worth a look">
          <List size="sm">
            {found.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <div className={classes.both}>
        <Stack gap="md" miw={0}>
          {typeof draft === "string" ? (
            <Alert color="yellow" title="The form waits for the YAML">
              {draft}
            </Alert>
          ) : (
            <>
              <Group gap="sm" grow>
                <TextInput
                  label="Source"
                  description="What the data are called"
                  value={draft.source.name}
                  onChange={(event) => change(edits.call(draft, { source: event.currentTarget.value }))}
                />
                <TextInput
                  label="Entity"
                  description="What a row is about: an existing one, or new"
                  value={draft.entity.name}
                  onChange={(event) => change(edits.call(draft, { entity: event.currentTarget.value }))}
                />
              </Group>
              <DraftColumns draft={draft} found={found} onChange={change} />
            </>
          )}
          <FilePreview found={found} />
        </Stack>
        <Stack gap="sm" miw={0}>
          <LineEditor
            ref={editor}
            label="The same as YAML"
            value={yaml}
            onChange={onYaml}
            marked={new Set(planned.isOld ? [] : issuesOf(planned.error).flatMap(({ line }) => line ?? []))}
            describedBy={issuesId}
            placeholder=""
            tall
          />
          <Text size="xs" c="dimmed">
            Either changes the other. How the file is read is said as reading; read it again after a change.
          </Text>
          {typeof draft !== "string" && (
            <Button variant="default" size="xs" w="fit-content" onClick={() => onReadAgain(draft)}>
              Read again with these settings
            </Button>
          )}
          <SpecOutcome
            workspace={workspace}
            planned={planned}
            issuesId={issuesId}
            onLine={(_, line) => editor.current?.goTo(line)}
          >
            {() => typeof draft !== "string" && <Next source={draft.source.name} />}
          </SpecOutcome>
        </Stack>
      </div>
    </Stack>
  );
}

/** What comes next for a source that was declared. */
function Next({ source }: { source: string }) {
  return (
    <List size="sm" mt="sm">
      <List.Item>
        <Anchor component={Link} href={`/datasets/${source}?tab=overview`}>
          Look at its distributions
        </Anchor>{" "}
        as soon as they are computed.
      </List.Item>
      <List.Item>
        <Anchor component={Link} href={`/datasets/${source}?tab=rules`}>
          Propose rules
        </Anchor>{" "}
        that every new version is checked against.
      </List.Item>
      <List.Item>
        <Anchor component={Link} href={`/features?q=${source}`}>
          Find its columns
        </Anchor>{" "}
        among the features.
      </List.Item>
      <List.Item>
        <Anchor component={Link} href="/specs?start=sql-stage">
          Declare a stage
        </Anchor>{" "}
        that makes something of them.
      </List.Item>
    </List>
  );
}
