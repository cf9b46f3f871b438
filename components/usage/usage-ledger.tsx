"use client";

import { Anchor, NumberInput, Table, Text, UnstyledButton } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar } from "@/components/ui/filter-bar";
import { PagedItems } from "@/components/ui/paged-items";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { urlOf } from "@/lib/client/api";
import { usageQueries } from "@/lib/client/usage";
import { exportUsage, type LeakageMatrix, USAGE_MODES, USAGE_ROLES, type UsageEntry } from "@/lib/contracts/usage";
import { RoleMark } from "./role-mark";
import { Sentence } from "@/components/ui/sentence";
import { ledgerParsers, USAGE_PAGE, usageQueryOf } from "./usage-filters";
import classes from "./usage.module.css";
import { VerdictMark } from "./verdict-mark";
import { FilterSelect, FilterText } from "@/components/ui/filter-fields";

const NONE = { feature: null, consumer: null, role: null, mode: null, run: null };
const count = new Intl.NumberFormat("en");

type OnOpen = (modelVersionId: string, about: string | null) => void;

/** Feature version × consumer × role × rows, newest first. */
export function UsageLedger({
  workspace,
  matrix,
  onOpen,
}: {
  workspace: string;
  matrix: LeakageMatrix | null;
  onOpen: OnOpen;
}) {
  const [filters, setFilters] = useQueryStates(ledgerParsers, { throttleMs: 300 });
  const query = usageQueryOf(workspace, filters);
  const pages = useInfiniteQuery({
    ...usageQueries.pages({ ...query, limit: USAGE_PAGE }),
    placeholderData: keepPreviousData,
  });
  const isFiltered = Object.values(filters).some((value) => value !== null);
  return (
    <>
      <FilterBar
        label="Filter the ledger"
        clear={isFiltered ? () => void setFilters(NONE) : null}
        download={{ format: "CSV", href: urlOf(exportUsage, { query }) }}
      >
        <FilterText
          label="Feature"
          placeholder="airport.segment"
          value={filters.feature}
          onChange={(feature) => void setFilters({ feature })}
        />
        <FilterText
          label="Consumer"
          placeholder="late_model"
          value={filters.consumer}
          onChange={(consumer) => void setFilters({ consumer })}
        />
        <FilterSelect
          label="Role"
          any="Any role"
          value={filters.role}
          data={USAGE_ROLES}
          onChange={(role) => void setFilters({ role })}
        />
        <FilterSelect
          label="Fitted or applied"
          placeholder="Either"
          any="Either"
          value={filters.mode}
          data={USAGE_MODES}
          onChange={(mode) => void setFilters({ mode })}
        />
        <NumberInput
          label="Run"
          placeholder="Any"
          size="xs"
          min={1}
          hideControls
          value={filters.run ?? ""}
          onChange={(run) => void setFilters({ run: run === "" ? null : Number(run) })}
        />
      </FilterBar>
      <PagedItems
        query={pages}
        empty={
          <EmptyState title="No usage recorded">
            {isFiltered
              ? "Nothing in the ledger matches these filters."
              : "Every run records here which feature versions it read, in which role and on which rows. Start one."}
          </EmptyState>
        }
      >
        {(entries) => <Entries entries={entries} matrix={matrix} onOpen={onOpen} />}
      </PagedItems>
    </>
  );
}

function Entries({ entries, matrix, onOpen }: { entries: UsageEntry[]; matrix: LeakageMatrix | null; onOpen: OnOpen }) {
  return (
    <WideTable label="Usage ledger" minWidth={1080}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Feature version</Table.Th>
            <Table.Th>Consumer</Table.Th>
            <Table.Th>Verdict</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>Mode</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th>Which rows</Table.Th>
            <Table.Th>Run</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => {
            const found = verdictOf(entry, matrix);
            return (
              <Table.Tr key={entry.id}>
                <Table.Td className={classes.nowrap}>
                  <Anchor component={Link} href={`/features/${encodeURIComponent(entry.feature)}`} inherit>
                    {entry.feature}
                  </Anchor>{" "}
                  v{entry.version}
                </Table.Td>
                <Table.Td className={classes.nowrap}>
                  {entry.consumerKind === "training_dataset" ? (
                    <Anchor component={Link} href={`/training-datasets/${entry.consumer}`} inherit>
                      {entry.consumer}
                    </Anchor>
                  ) : (
                    entry.consumer
                  )}
                </Table.Td>
                <Table.Td className={classes.nowrap}>
                  {found ? (
                    <UnstyledButton
                      className={classes.opener}
                      aria-label={`Proof: ${entry.feature} for ${entry.consumer}, ${found.verdict}`}
                      onClick={() => onOpen(found.modelVersionId, entry.feature)}
                    >
                      <VerdictMark verdict={found.verdict} severity={found.severity} />
                    </UnstyledButton>
                  ) : (
                    <Text span inherit c="dimmed">
                      —
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <RoleMark role={entry.role} />
                </Table.Td>
                <Table.Td>{entry.mode}</Table.Td>
                <Table.Td data-numeric>{count.format(entry.rows)}</Table.Td>
                <Table.Td>
                  <Sentence text={entry.rowSet} />
                </Table.Td>
                <Table.Td>
                  {entry.runId === null ? (
                    <Text span inherit c="dimmed">
                      —
                    </Text>
                  ) : (
                    <Anchor component={Link} href={`/runs/${entry.runId}`} inherit>
                      #{entry.run}
                    </Anchor>
                  )}
                </Table.Td>
                <Table.Td className={classes.nowrap}>
                  <TimeAgo at={entry.at} />
                </Table.Td>
                <Table.Td className={classes.nowrap}>{entry.actor}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** The verdict of the consumer's newest version on the feature version; null for stages and training datasets, which no model version is. */
function verdictOf(entry: UsageEntry, matrix: LeakageMatrix | null) {
  if (entry.consumerKind !== "model") return null;
  const consumer = matrix?.consumers.find(({ model }) => model === entry.consumer);
  const row = matrix?.rows.find(({ feature, version }) => feature === entry.feature && version === entry.version);
  return row?.cells.find((cell) => cell.modelVersionId === consumer?.modelVersionId) ?? null;
}
