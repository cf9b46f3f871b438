"use client";

import { TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { searchQueries } from "@/lib/client/search";

/** Names of features or stages, suggested as one writes, however misspelt. The server checks what is kept. */
export function NameTags({
  workspace,
  kind,
  label,
  description,
  placeholder,
  value,
  error,
  onChange,
}: {
  workspace: string;
  kind: "feature" | "stage";
  label: string;
  description: string;
  placeholder: string;
  value: string[];
  error: ReactNode;
  onChange: (value: string[]) => void;
}) {
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search, 120);
  const { data } = useQuery(searchQueries.words(workspace, asked.trim()));
  const names = (asked.trim() ? (data?.items ?? []) : []).filter((hit) => hit.kind === kind).map((hit) => hit.name);
  return (
    <TagsInput
      label={label}
      description={description}
      placeholder={value.length === 0 ? placeholder : undefined}
      value={value}
      error={error}
      onChange={onChange}
      searchValue={search}
      onSearchChange={setSearch}
      data={names.filter((name) => !value.includes(name))}
      // The search has found them by more than their letters.
      filter={({ options }) => options}
      acceptValueOnBlur
      clearable={false}
    />
  );
}
