"use client";

import { Alert, Button, Group, Progress, Stack, Text, TextInput } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { sendFile } from "@/lib/client/inspection";
import { useDrop } from "@/components/ui/use-drop";
import classes from "./add-data.module.css";

/** Drops, chooses or names a file; answers what a source would name. */
export function ChooseFile({
  workspace,
  busy,
  onChosen,
}: {
  workspace: string;
  busy: boolean;
  onChosen: (what: { location: string }) => void;
}) {
  const [location, setLocation] = useState("");
  const [sent, setSent] = useState<{ name: string; share: number; abort: () => void } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);

  const send = async (file: File | undefined) => {
    if (!file) return;
    setError(null);
    const controller = new AbortController();
    const say = (share: number) => setSent({ name: file.name, share, abort: () => controller.abort() });
    say(0);
    try {
      const { location: kept } = await sendFile({ workspace, file, signal: controller.signal }, say);
      onChosen({ location: kept });
    } catch (failure) {
      if ((failure as Error).name !== "AbortError") setError((failure as Error).message);
    } finally {
      setSent(null);
    }
  };

  const drop = useDrop(({ files }) => void send(files[0]));

  return (
    <Stack gap="sm" maw={760}>
      <div className={classes.drop} data-over={drop.isOver || undefined} {...drop.handlers}>
        <IconFileUpload size={28} stroke={1.5} aria-hidden />
        <Text size="sm">
          Drop a file here: CSV, JSON, Parquet or Arrow; CSV and JSON may be compressed (.gz, .zst).
        </Text>
        <Button variant="default" size="xs" disabled={sent !== null || busy} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="File to add"
          onChange={(event) => {
            void send(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {sent && (
        <Group gap="sm" wrap="nowrap">
          <Progress value={sent.share * 100} aria-label={`Upload of ${sent.name}`} flex={1} />
          <Text size="sm" c="dimmed">
            {sent.name}, {Math.round(sent.share * 100)} %
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={sent.abort}>
            Cancel
          </Button>
        </Group>
      )}
      {error && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (location.trim()) onChosen({ location: location.trim() });
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Or name what the server can read"
            description="A path, a folder, a pattern such as data/2024-*.parquet, or npm:package/path"
            value={location}
            onChange={(event) => setLocation(event.currentTarget.value)}
            flex={1}
            miw={240}
          />
          <Button type="submit" loading={busy} disabled={location.trim() === ""}>
            Read it
          </Button>
        </Group>
      </form>
    </Stack>
  );
}
