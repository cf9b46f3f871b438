"use client";

import { Group, NumberInput, PasswordInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
import { connectionMutations } from "@/lib/client/connections";
import type { Connection } from "@/lib/contracts/connections";
import { TLS_MODES, type TlsMode } from "@/lib/domain/datasets/database-access";

const FIELDS = ["name", "host", "port", "database", "user", "password", "tls"] as const;
const EMPTY = { host: "", port: 5432, database: "", user: "", tls: "require" as TlsMode };
const TLS_WORDS: Record<TlsMode, string> = {
  disable: "disable: in the clear",
  require: "require: encrypted",
  "verify-full": "verify-full: encrypted, certificate and host verified",
};

/** Makes a connection, or changes one; a password that is left empty stays as it is. */
export function ConnectionDialog({
  workspace,
  connection,
  onClose,
}: {
  workspace: string;
  /** Null for a new one. */
  connection: Connection | null;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [server, setServer] = useState({ ...EMPTY, ...connection });
  const [password, setPassword] = useState("");
  const create = useMutation(connectionMutations.create(client, workspace));
  const update = useMutation(connectionMutations.update(client, workspace, connection?.name ?? ""));
  const { error, isPending } = connection ? update : create;
  const change = (part: Partial<typeof EMPTY>) => setServer({ ...server, ...part });
  const submit = () => {
    const { host, port, database, user, tls } = server;
    const body = { host, port, database, user, tls, ...(password !== "" && { password }) };
    if (connection) update.mutate(body, { onSuccess: onClose });
    else create.mutate({ name, ...body }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={connection ? `Edit ${connection.name}` : "New connection"}
      submit={connection ? "Save" : "Create connection"}
      pending={isPending}
      error={error}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
      {!connection && (
        <TextInput
          label="Name"
          description="Such as warehouse: small letters, digits and _. Sources name it."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={issueOf(error, "name")}
          required
          withAsterisk={false}
          data-autofocus
        />
      )}
      <Group gap="sm" align="flex-start" grow preventGrowOverflow={false} wrap="nowrap">
        <TextInput
          label="Host"
          value={server.host}
          onChange={(event) => change({ host: event.currentTarget.value })}
          error={issueOf(error, "host")}
          required
          withAsterisk={false}
        />
        <NumberInput
          label="Port"
          value={server.port}
          onChange={(port) => change({ port: Number(port) })}
          error={issueOf(error, "port")}
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          maw={110}
        />
      </Group>
      <TextInput
        label="Database"
        value={server.database}
        onChange={(event) => change({ database: event.currentTarget.value })}
        error={issueOf(error, "database")}
        required
        withAsterisk={false}
      />
      <TextInput
        label="User"
        description="One that may only read the tables that sources need is best."
        value={server.user}
        onChange={(event) => change({ user: event.currentTarget.value })}
        error={issueOf(error, "user")}
        autoComplete="off"
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="Password"
        description={connection?.hasPassword ? "Left empty, it stays as it is." : "Kept encrypted, and never shown."}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={issueOf(error, "password")}
        autoComplete="new-password"
      />
      <Select
        label="TLS"
        data={TLS_MODES.map((value) => ({ value, label: TLS_WORDS[value] }))}
        value={server.tls}
        onChange={(value) => change({ tls: TLS_MODES.find((one) => one === value) ?? server.tls })}
        allowDeselect={false}
      />
    </FormDialog>
  );
}
