import type { ComboboxItem, OptionsFilter } from "@mantine/core";
import { searchList } from "@/lib/domain/search/search-list";

/** How pickers find their options: as lists and the palette do. Groups keep those of theirs that were found. */
export const searchOptions: OptionsFilter = ({ options, search, limit }) => {
  const find = (items: ComboboxItem[]) => searchList(items, search, ({ label }) => ({ name: label, texts: [] }));
  const single = find(options.filter((option): option is ComboboxItem => !("group" in option)));
  const grouped = options.flatMap((option) =>
    "group" in option ? [{ ...option, items: [...find(option.items)] }] : [],
  );
  return [...single, ...grouped.filter(({ items }) => items.length > 0)].slice(0, limit);
};
