"use client";

import { Alert, Button, Drawer, FileButton, Group, List, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { issuesOf } from "@/components/ui/issues";
import { ruleMutations } from "@/lib/client/rules";

/** Takes over a Great Expectations suite: paste or choose the file, read what would change, apply. */
export function ImportSuite({ workspace, name }: { workspace: string; name: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const [text, setText] = useState("");
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const suite = useMutation(ruleMutations.importSuite(useQueryClient(), workspace, name));
  const send = (apply: boolean) => {
    try {
      setUnreadable(null);
      suite.mutate({ suite: JSON.parse(text) as never, apply });
    } catch (error) {
      setUnreadable(`This is not JSON: ${(error as Error).message}`);
    }
  };
  const edit = (next: string) => {
    setText(next);
    setUnreadable(null);
    suite.reset();
  };
  const { data } = suite;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} onClick={open}>
        Import suite
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size="lg"
        title="Import a Great Expectations suite"
        closeButtonProps={{ "aria-label": "Close the import" }}
      >
        <Stack gap="sm">
          <Text size="sm">
            The rules of {name} become those of the suite. Suites of version 0 and 1 are read; an expectation without a
            severity is critical. What cannot run here is named before anything changes.
          </Text>
          <FileButton accept="application/json,.json" onChange={(file) => void file?.text().then(edit)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" w="fit-content">
                Choose a file
              </Button>
            )}
          </FileButton>
          <Textarea
            label="Suite as JSON"
            autosize
            minRows={8}
            maxRows={18}
            value={text}
            onChange={(event) => edit(event.currentTarget.value)}
            error={unreadable}
          />
          {suite.error && (
            <Alert color="red" role="alert">
              {suite.error.message}
              <List size="sm" mt={4}>
                {issuesOf(suite.error).map((issue) => (
                  <List.Item key={issue.path.join(".")}>
                    {issue.path.join(".")}: {issue.message}
                  </List.Item>
                ))}
              </List>
            </Alert>
          )}
          {data && data.left.length > 0 && (
            <Alert
              color="yellow"
              role="note"
              title={`Left out, because it cannot run here: ${data.left.length} of the suite`}
            >
              <List size="sm">
                {data.left.map(({ type, reasons }, at) => (
                  <List.Item key={at}>
                    {type}: {reasons.join(" ")}
                  </List.Item>
                ))}
              </List>
            </Alert>
          )}
          {data && (
            <Alert color={data.applied ? "teal" : "indigo"} role="status">
              {data.applied ? "The rules were imported." : changeInWords(data.added.length, data.removed.length)}
              <List size="sm" mt={4}>
                {data.added.map((words) => (
                  <List.Item key={`+${words}`}>+ {words}</List.Item>
                ))}
                {data.removed.map((words) => (
                  <List.Item key={`-${words}`}>− {words}</List.Item>
                ))}
              </List>
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {data?.applied ? "Close" : "Cancel"}
            </Button>
            {data && !data.applied ? (
              <Button onClick={() => send(true)} loading={suite.isPending}>
                {data.left.length > 0
                  ? `Replace the rules, without ${data.left.length} of the suite`
                  : "Replace the rules"}
              </Button>
            ) : (
              <Button onClick={() => send(false)} loading={suite.isPending} disabled={text.trim() === ""}>
                See what changes
              </Button>
            )}
          </Group>
        </Stack>
      </Drawer>
    </>
  );
}

function changeInWords(added: number, removed: number): string {
  if (added === 0 && removed === 0) return "Nothing would change.";
  return `${added} new, ${removed} removed.`;
}
