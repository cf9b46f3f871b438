"use client";

import { Alert, Anchor, Button, Group, List, Skeleton, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { ApiError } from "@/lib/client/api";
import { inspectionMutations } from "@/lib/client/inspection";
import { specMutations, specQueries } from "@/lib/client/specs";
import type { Inspection } from "@/lib/contracts/inspection";
import classes from "./add-data.module.css";
import { ChooseFile } from "./choose-file";
import { DraftColumns } from "./draft-columns";
import { FilePreview } from "./file-preview";
import { edits, readDraft, type SourceDraft, writeDraft } from "./source-draft";

/** From a file to a source: choose it, see what it is, change what is proposed, apply. */
export function AddData({ workspace }: { workspace: string }) {
  const [yaml, setYaml] = useState("");
  const inspect = useMutation(inspectionMutations.inspect());
  const read = (location: string, known: { reading?: object; format?: Inspection["format"]; name?: string } = {}) =>
    inspect.mutate({ workspace, location, ...known }, { onSuccess: ({ spec }) => setYaml(spec) });
  const { data, error, isPending } = inspect;
  return (
    <Stack gap="md">
      <ChooseFile workspace={workspace} busy={isPending} onLocation={(location) => read(location)} />
      {isPending && <Skeleton h={240} aria-label="Reading the file" />}
      {error && !isPending && (
        <Alert color="red" role="alert" title="The file cannot be read">
          {error.message}
        </Alert>
      )}
      {data && !isPending && (
        <Proposal
          workspace={workspace}
          found={data}
          yaml={yaml}
          onYaml={setYaml}
          onReadAgain={({ source }) =>
            read(source.location, { reading: source.reading ?? {}, format: source.format, name: source.name })
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
  const change = (next: SourceDraft) => onYaml(writeDraft(next));
  const bytes = found.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Stack gap="md">
      <Text role="status">
        {found.rows.toLocaleString("en-US")} rows and {found.columns.length} columns in{" "}
        {found.files.length === 1 ? "one file" : `${found.files.length} files`} ({found.format},{" "}
        {(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB).
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
          <Textarea
            className={classes.yaml}
            label="The same as YAML"
            description="Either changes the other. How the file is read is said as reading; read it again after a change."
            value={yaml}
            onChange={(event) => onYaml(event.currentTarget.value)}
            autosize
            minRows={12}
            maxRows={32}
            spellCheck={false}
          />
          {typeof draft !== "string" && (
            <Button variant="default" size="xs" w="fit-content" onClick={() => onReadAgain(draft)}>
              Read again with these settings
            </Button>
          )}
          <Outcome workspace={workspace} yaml={yaml} source={typeof draft === "string" ? null : draft.source.name} />
        </Stack>
      </div>
    </Stack>
  );
}

/** What applying would do, asked while one writes, and the step itself. */
function Outcome({ workspace, yaml, source }: { workspace: string; yaml: string; source: string | null }) {
  const [asked] = useDebouncedValue(yaml, 500);
  const plan = useQuery(specQueries.plan({ workspace, documents: asked, prune: false }));
  const apply = useMutation(specMutations.apply(useQueryClient()));
  const error = apply.error ?? plan.error;
  if (apply.isSuccess && source)
    return (
      <Alert color="green" title={`${source} is declared`} role="status">
        <List size="sm">
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
        </List>
      </Alert>
    );
  const differences = plan.data?.differences ?? [];
  const issues = error instanceof ApiError ? (error.problem.issues ?? []) : [];
  return (
    <Stack gap="sm">
      {error && (
        <Alert color="red" role="alert" title="This cannot be applied yet">
          {issues.length === 0 ? (
            error.message
          ) : (
            <List size="sm">
              {issues.map((issue, at) => (
                <List.Item key={at}>{issue.message}</List.Item>
              ))}
            </List>
          )}
        </Alert>
      )}
      {plan.data && !error && (
        <Text size="sm" role="status">
          {differences.length === 0
            ? "The workspace has exactly this already."
            : `Applying will ${differences.map(({ action, kind, name }) => `${action} ${kind.toLowerCase()} ${name}`).join(" and ")}.`}
        </Text>
      )}
      <Button
        w="fit-content"
        loading={apply.isPending}
        disabled={!plan.data || plan.isFetching || asked !== yaml || error !== null || differences.length === 0}
        onClick={() => apply.mutate({ workspace, documents: yaml, prune: false })}
      >
        Apply
      </Button>
    </Stack>
  );
}
