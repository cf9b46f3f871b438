"use client";

import { Button, MultiSelect, Popover, Stack } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { lineageQueries } from "@/lib/client/lineage";
import { LINEAGE_KINDS } from "@/lib/contracts/lineage";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { VERDICTS } from "@/lib/domain/leakage/codes";
import { TOO_LITTLE_DATA } from "@/components/ui/state-words";
import { FILTERS } from "./lineage-state";
import type { Explorer } from "./use-lineage-state";

const DRIFTS = [
  { value: "fine", label: "fine" },
  { value: "warn", label: "warn" },
  { value: "critical", label: "critical" },
  { value: "insufficient_data", label: TOO_LITTLE_DATA },
];

/** Keeps some nodes of the neighbourhood back; the registry counts them, so that nothing is hidden silently. */
export function LineageFilters({ workspace, explorer }: { workspace: string; explorer: Explorer }) {
  const [isOpen, setOpen] = useState(false);
  const { state, set, rollUp } = explorer;
  const values = (by: "owner" | "entity") => ({ ...lineageQueries.overview({ workspace, by, limit: 1000 }), enabled: isOpen }); // prettier-ignore
  const owners = useQuery(values("owner"));
  const entities = useQuery(values("entity"));
  const labels = (overview: typeof owners.data, prefix: string) =>
    (overview?.groups ?? []).filter(({ id, label }) => id.startsWith(prefix) && label !== "").map(({ label }) => label);
  const choices = {
    kind: [...LINEAGE_KINDS],
    entity: labels(entities.data, "entity:").sort(),
    owner: labels(owners.data, "owner:").sort(),
    environment: [...ENVIRONMENTS, { value: "none", label: "not served" }],
    drift: DRIFTS,
    leak: [...VERDICTS],
  };
  // A rolled-up workspace can only be narrowed to kinds.
  const names = rollUp === "column" ? FILTERS : (["kind"] as const);
  const count = names.filter((name) => state[name].length > 0).length;
  const clear = Object.fromEntries(FILTERS.map((name) => [name, null]));
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={280} trapFocus shadow="md">
      <Popover.Target>
        <Button
          size="xs"
          variant={count > 0 ? "light" : "default"}
          leftSection={<IconFilter size={14} />}
          onClick={() => setOpen((open) => !open)}
        >
          Filters{count > 0 && ` (${count})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {names.map((name) => (
            <MultiSelect
              key={name}
              size="xs"
              label={name[0]?.toUpperCase() + name.slice(1)}
              placeholder={state[name].length === 0 ? "any" : undefined}
              data={withChosen(choices[name], state[name])}
              value={state[name]}
              clearable
              clearButtonProps={{ "aria-label": `Clear ${name}` }}
              searchable={name === "owner" || name === "entity"}
              comboboxProps={{ withinPortal: false }}
              onChange={(chosen) => set({ [name]: chosen.length > 0 ? chosen : null })}
            />
          ))}
          <Button
            size="xs"
            variant="subtle"
            disabled={count === 0}
            onClick={() => {
              set(clear);
              // A button that becomes disabled loses the keyboard, and Escape with it.
              setOpen(false);
            }}
          >
            Clear all
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What a pasted address chose is among the choices, whether or not they have arrived. */
const withChosen = (choices: (string | { value: string; label: string })[], chosen: readonly string[]) => [
  ...choices,
  ...chosen.filter(
    (value) => !choices.some((choice) => (typeof choice === "string" ? choice : choice.value) === value),
  ),
];
