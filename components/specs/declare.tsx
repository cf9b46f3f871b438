"use client";

import { Button, Group, Menu, Stack, Tabs, Text } from "@mantine/core";
import { useSessionStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconChevronDown, IconFolderOpen, IconPlus, IconTrash } from "@tabler/icons-react";
import Link from "next/link";
import { useId, useMemo, useRef, useState } from "react";
import { parse } from "yaml";
import { issuesOf } from "@/components/ui/issues";
import { useDrop } from "@/components/ui/use-drop";
import { definitionQueries } from "@/lib/client/definitions";
import type { SpecFile } from "@/lib/contracts/spec-documents";
import { filesIn, isSpecFile } from "./dropped-files";
import { LineEditor, type LineEditorHandle } from "./line-editor";
import { SpecOutcome } from "./spec-outcome";
import classes from "./specs.module.css";
import { type Start, STARTING_POINTS, startingDocuments } from "./starting-documents";
import { useSpecPlan } from "./use-spec-plan";

const NEW_FILE = "new.yaml";
const PLACEHOLDER = "Begin with something from the menu, paste documents, or drop spec files or a folder of them here.";

/** Documents that are written, pasted, dropped or opened; what they would change; and the step that applies them. */
export function Declare({
  workspace,
  mayApply,
  editing,
  start,
}: {
  workspace: string;
  mayApply: boolean;
  /** An object's document as it is declared now. */
  editing?: SpecFile;
  /** What to begin with where nothing is written yet. */
  start?: Start;
}) {
  const entity = useStartingEntity(workspace);
  const [kept, keep] = useSessionStorage<SpecFile[]>({
    // By the document, so that a draft of what others have changed since does not come back.
    key: `declare-${workspace}-${editing?.text ?? ""}`,
    defaultValue: editing ? [editing] : [],
  });
  const begun = useMemo(
    () => (start && entity !== undefined ? [{ file: NEW_FILE, text: startingDocuments(start, entity) }] : []),
    [start, entity],
  );
  const files = kept.length > 0 ? kept : begun;
  const [chosen, choose] = useState(0);
  const current = files[Math.min(chosen, files.length - 1)] ?? { file: NEW_FILE, text: "" };
  const documents = useMemo(() => files.filter(({ text }) => text.trim() !== ""), [files]);
  const planned = useSpecPlan(workspace, documents);
  const issues = planned.isOld ? [] : issuesOf(planned.error);
  const issuesId = useId();
  const editor = useRef<LineEditorHandle>(null);
  const [left, setLeft] = useState<string[]>([]);

  const write = (text: string) =>
    keep(files.length === 0 ? [{ ...current, text }] : files.map((one) => (one === current ? { ...one, text } : one)));
  const take = (found: { files: SpecFile[]; others: string[] }) => {
    setLeft(found.others);
    if (found.files.length === 0) return;
    const names = new Set(found.files.map(({ file }) => file));
    keep([...files.filter(({ file, text }) => !names.has(file) && text.trim() !== ""), ...found.files]);
    choose(0);
  };
  const drop = useDrop((dropped) => void filesIn(dropped).then(take));
  const goTo = (file: string | undefined, line: number) => {
    const index = files.findIndex((one) => one.file === file);
    if (index >= 0) choose(index);
    // Once the file is shown.
    requestAnimationFrame(() => editor.current?.goTo(line));
  };

  return (
    <div className={drop.isOver ? classes.over : undefined} {...drop.handlers}>
      <Group gap="sm" mb="sm">
        <BeginMenu
          onChoose={(chosenStart) =>
            write([current.text.trimEnd(), startingDocuments(chosenStart, entity)].filter(Boolean).join("\n---\n"))
          }
        />
        <OpenButton label="Open files" onTake={take} />
        <OpenButton label="Open a folder" folder onTake={take} />
        {kept.length > 0 && !editing && (
          <Button variant="subtle" color="gray" leftSection={<IconTrash size={16} />} onClick={() => keep([])}>
            Clear
          </Button>
        )}
        <Text size="sm" c="dimmed">
          Nothing is declared before you apply it. What is written stays in this browser tab.
        </Text>
      </Group>
      {left.length > 0 && (
        <Text size="sm" c="dimmed" mb="sm" role="status">
          No spec files (.yaml, .yml, .json), and left out: {left.slice(0, 10).join(", ")}
          {left.length > 10 && ` and ${left.length - 10} more`}.
        </Text>
      )}
      <div className={classes.both}>
        <Stack gap="xs" miw={0}>
          {files.length > 1 && (
            <Tabs value={current.file} onChange={(file) => choose(files.findIndex((one) => one.file === file))}>
              <Tabs.List aria-label="Files">
                {files.map(({ file }) => (
                  <Tabs.Tab key={file} value={file}>
                    {file}
                    {issues.some((issue) => issue.file === file) && " ●"}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            </Tabs>
          )}
          <LineEditor
            ref={editor}
            label={editing ? `Definition of ${editing.file.replace(/\.yaml$/, "")}` : "Documents as YAML"}
            value={current.text}
            onChange={write}
            marked={
              new Set(issues.flatMap(({ file, line }) => (line !== undefined && file === current.file ? [line] : [])))
            }
            describedBy={issuesId}
            placeholder={PLACEHOLDER}
            tall
          />
        </Stack>
        <section aria-label="What applying would do">
          {documents.length === 0 ? (
            <Text size="sm" c="dimmed">
              What applying would change, and what is wrong, is said here while you write.
            </Text>
          ) : (
            <SpecOutcome
              workspace={workspace}
              planned={planned}
              issuesId={issuesId}
              mayApply={mayApply}
              several={files.length > 1}
              onLine={goTo}
            >
              {() => (
                <Group mt="sm">
                  <Button variant="default" component={Link} href="/plan">
                    Plan a pipeline
                  </Button>
                  <Button variant="default" component={Link} href="/specs" onClick={() => keep([])}>
                    Declare more
                  </Button>
                </Group>
              )}
            </SpecOutcome>
          )}
        </section>
      </div>
    </div>
  );
}

/** The first entity of the workspace; null where there is none, undefined while nobody knows. */
function useStartingEntity(workspace: string) {
  const list = useQuery(definitionQueries.list(workspace, "entities"));
  const first = list.data?.items[0]?.name;
  const detail = useQuery({
    ...definitionQueries.detail(workspace, "entities", first ?? ""),
    enabled: first !== undefined,
  });
  return useMemo(() => {
    if (list.data && first === undefined) return null;
    return first !== undefined && detail.data ? { name: first, key: keyOfEntity(detail.data.yaml) } : undefined;
  }, [list.data, first, detail.data]);
}

/** The first key of an entity's document. */
function keyOfEntity(yaml: string): string {
  const document = parse(yaml) as { joinKeys?: { name?: string }[] } | null;
  return document?.joinKeys?.[0]?.name ?? "id";
}

function BeginMenu({ onChoose }: { onChoose(start: Start): void }) {
  return (
    <Menu position="bottom-start" width={360}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} />} rightSection={<IconChevronDown size={14} />}>
          Begin with
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STARTING_POINTS.map(({ start, label, about }) => (
          <Menu.Item key={start} onClick={() => onChoose(start)}>
            {label}
            <Text size="xs" c="dimmed">
              {about}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function OpenButton({
  label,
  folder = false,
  onTake,
}: {
  label: string;
  folder?: boolean;
  onTake(found: { files: SpecFile[]; others: string[] }): void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        variant="default"
        leftSection={folder ? <IconFolderOpen size={16} /> : undefined}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...(folder ? { webkitdirectory: "" } : { accept: ".yaml,.yml,.json" })}
        onChange={async (event) => {
          const given = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          const named = given.map((file) => ({ name: file.webkitRelativePath || file.name, file }));
          onTake({
            files: await Promise.all(
              named
                .filter(({ name }) => isSpecFile(name))
                .map(async ({ name, file }) => ({ file: name, text: await file.text() })),
            ),
            others: named.filter(({ name }) => !isSpecFile(name)).map(({ name }) => name),
          });
        }}
      />
    </>
  );
}
