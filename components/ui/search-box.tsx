import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

/** Where the words are written by which a list is searched. */
export function SearchBox({
  label,
  placeholder,
  value,
  onChange,
  width = 280,
}: {
  label: string;
  /** What the words are looked for in. */
  placeholder: string;
  value: string;
  /** Null for a box that was emptied, which takes the words out of the address. */
  onChange(value: string | null): void;
  /** In pixels, where there is room for them; null takes what the place gives. */
  width?: number | null;
}) {
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      {...(width !== null && { w: { base: "100%", xs: width } })}
    />
  );
}
