"use client";

import { Button, Group, SegmentedControl, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionQueries } from "@/lib/client/connections";

/** Names a table of a connection, or selects rows; nothing where the workspace has no connection. */
export function ChooseTable({
  workspace,
  busy,
  onChosen,
}: {
  workspace: string;
  busy: boolean;
  onChosen: (what: { connection: string; table: string } | { connection: string; sql: string }) => void;
}) {
  const { data } = useQuery(connectionQueries.list(workspace));
  const [chosen, choose] = useState<string | null>(null);
  const [by, setBy] = useState<"table" | "sql">("table");
  const [text, setText] = useState("");
  const names = data?.items.map(({ name }) => name) ?? [];
  const connection = chosen ?? names[0];
  if (connection === undefined) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const where = text.trim();
        if (where) onChosen(by === "table" ? { connection, table: where } : { connection, sql: where });
      }}
    >
      <Stack gap="sm" maw={760}>
        <Group align="flex-end" gap="sm">
          <Select
            label="Or read a database"
            description="A connection of the workspace"
            data={names}
            value={connection}
            onChange={choose}
            allowDeselect={false}
          />
          <SegmentedControl
            aria-label="Read"
            value={by}
            onChange={(value) => {
              setBy(value === "sql" ? "sql" : "table");
              setText("");
            }}
            data={[
              { value: "table", label: "Table" },
              { value: "sql", label: "Query" },
            ]}
          />
        </Group>
        <Group align="flex-end" gap="sm">
          {by === "table" ? (
            <TextInput
              label="Table or view"
              placeholder="schema.table"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              flex={1}
              miw={240}
            />
          ) : (
            <Textarea
              label="One SELECT, in the database's SQL"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autosize
              minRows={3}
              spellCheck={false}
              flex={1}
              miw={240}
            />
          )}
          <Button type="submit" loading={busy} disabled={text.trim() === ""}>
            {by === "table" ? "Read the table" : "Read the query"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
