"use client";

import { Button, Group, Pill, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SearchBox } from "@/components/ui/search-box";
import { stageQueries, STAGES_PER_PAGE } from "@/lib/client/stages";
import { StagesTable } from "./stages-table";
import classes from "./stages.module.css";

const FILTERS = {
  q: parseAsString.withOptions({ throttleMs: 300 }),
  kind: parseAsStringLiteral(["transformer", "estimator"] as const),
  entity: parseAsString,
  operator: parseAsString,
  column: parseAsString,
  cursor: parseAsString,
};

/** The stage mesh as a table; the filters are in the address. */
export function StagesView({ workspace }: { workspace: string }) {
  const [filters, setFilters] = useQueryStates(FILTERS);
  const [q] = useDebouncedValue(filters.q, 200);
  const given = Object.fromEntries(Object.entries({ ...filters, q }).filter(([, value]) => value));
  const { data, error, refetch } = useQuery(stageQueries.list({ workspace, limit: STAGES_PER_PAGE, ...given }));
  const filter = (change: Partial<typeof filters>) => void setFilters({ ...change, cursor: null });
  const filtered = Object.keys(given).some((key) => key !== "cursor");
  const facet = (values: { value: string; count: number }[] | undefined, chosen: string | null) => {
    const known = values ?? (chosen ? [{ value: chosen, count: 0 }] : []);
    return known.map(({ value, count }) => ({ value, label: count > 0 ? `${value} (${count})` : value }));
  };
  return (
    <>
      <div className={classes.filters} role="search" aria-label="Stages">
        <SearchBox
          label="Find a stage"
          placeholder="Name, column, owner, tag"
          value={filters.q ?? ""}
          onChange={(q) => filter({ q })}
          width={null}
        />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          data={["transformer", "estimator"]}
          value={filters.kind}
          onChange={(kind) => filter({ kind: kind as typeof filters.kind })}
          clearable
          clearButtonProps={{ "aria-label": "Any kind" }}
        />
        <Select
          aria-label="Entity"
          placeholder="Any entity"
          data={facet(data?.facets.entity, filters.entity)}
          value={filters.entity}
          onChange={(entity) => filter({ entity })}
          clearable
          clearButtonProps={{ "aria-label": "Any entity" }}
        />
        <Select
          className={classes.operator}
          aria-label="Operator"
          placeholder="Any operator"
          data={facet(data?.facets.operator, filters.operator)}
          value={filters.operator}
          onChange={(operator) => filter({ operator })}
          searchable
          clearable
          clearButtonProps={{ "aria-label": "Any operator" }}
        />
        <Group gap="sm" data-wide>
          {filters.column && (
            <Pill
              withRemoveButton
              onRemove={() => filter({ column: null })}
              removeButtonProps={{ "aria-label": "Any column", "aria-hidden": false, tabIndex: 0 }}
            >
              column {filters.column}
            </Pill>
          )}
          <Text size="sm" c="dimmed" role="status" style={{ whiteSpace: "nowrap" }}>
            {data &&
              (data.items.length < data.total ? `${data.items.length} of ${data.total}` : `${data.total} stages`)}
          </Text>
        </Group>
      </div>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {data && data.items.length > 0 && <StagesTable stages={data.items} />}
      {data && data.items.length === 0 && <NoStages filtered={filtered} clear={() => void setFilters(null)} />}
      <Group mt="md" gap="sm">
        {filters.cursor && (
          <Button variant="default" size="xs" onClick={() => void setFilters({ cursor: null })}>
            First stages
          </Button>
        )}
        {data?.nextCursor && (
          <Button variant="default" size="xs" onClick={() => void setFilters({ cursor: data.nextCursor })}>
            Next stages
          </Button>
        )}
      </Group>
    </>
  );
}

function NoStages({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  return filtered ? (
    <EmptyState
      title="No stage matches"
      action={
        <Button variant="default" onClick={clear}>
          Show all stages
        </Button>
      }
    >
      Remove a filter to see more.
    </EmptyState>
  ) : (
    <EmptyState title="No stages yet">
      A stage says which columns it reads and which it writes. Declare one in a YAML file and run{" "}
      <code>npx tributary apply DIR</code>.
    </EmptyState>
  );
}
