import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

/** Words to filter a list by; null when there are none. */
export function FilterText({
  label,
  placeholder,
  value,
  onChange,
  leftSection,
}: {
  label: string;
  placeholder: string;
  value: string | null;
  onChange(value: string | null): void;
  leftSection?: ReactNode;
}) {
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      size="xs"
      leftSection={leftSection}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

/** One of several values to filter a list by; null for any of them. */
export function FilterSelect<Value extends string>({
  label,
  placeholder = "Any",
  any,
  data,
  value,
  onChange,
  searchable = false,
}: {
  label: string;
  placeholder?: string;
  /** What the button says that takes the filter away. */
  any: string;
  data: readonly Value[];
  value: Value | null;
  onChange(value: Value | null): void;
  searchable?: boolean;
}) {
  return (
    <Select
      label={label}
      placeholder={placeholder}
      size="xs"
      clearable
      searchable={searchable}
      clearButtonProps={{ "aria-label": any }}
      value={value}
      data={[...data]}
      onChange={(chosen) => onChange(chosen as Value | null)}
    />
  );
}
