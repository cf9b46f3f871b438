"use client";

import { ActionIcon, Anchor, Autocomplete, Code, Table, TextInput, VisuallyHidden } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { Fragment, useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterBar } from "@/components/ui/filter-bar";
import { PagedItems } from "@/components/ui/paged-items";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { urlOf } from "@/lib/client/api";
import { auditQueries } from "@/lib/client/audit";
import { type AuditEvent, exportAudit } from "@/lib/contracts/audit";
import classes from "./audit.module.css";
import { describeEvent } from "@/lib/domain/audit/describe-event";
import { AUDIT_PAGE, auditParsers, auditQueryOf } from "./audit-filters";
import { EventDifference } from "./event-difference";
import { FilterSelect, FilterText } from "@/components/ui/filter-fields";

const NONE = { actor: null, action: null, object: null, from: null, to: null };

/** The log of a workspace, newest first, with filters that stand in the URL. */
export function AuditLog({ workspace }: { workspace: string }) {
  const [filters, setFilters] = useQueryStates(auditParsers, { throttleMs: 300 });
  const query = auditQueryOf(workspace, filters);
  const pages = useInfiniteQuery({
    ...auditQueries.pages({ ...query, limit: AUDIT_PAGE }),
    placeholderData: keepPreviousData,
  });
  const { data: facets } = useQuery(auditQueries.facets(workspace));
  const isFiltered = Object.values(filters).some((value) => value !== null && value !== "");
  return (
    <>
      <FilterBar
        label="Filter the log"
        clear={isFiltered ? () => void setFilters(NONE) : null}
        download={{ format: "NDJSON", href: urlOf(exportAudit, { query }) }}
      >
        <Autocomplete
          label="Who"
          placeholder="Anyone"
          size="xs"
          value={filters.actor ?? ""}
          data={facets?.actors ?? []}
          onChange={(value) => void setFilters({ actor: value || null })}
        />
        <FilterSelect
          label="Action"
          any="Any action"
          value={filters.action}
          data={facets?.actions ?? []}
          onChange={(action) => void setFilters({ action })}
        />
        <FilterText
          label="Object"
          placeholder="airport.segment"
          value={filters.object}
          onChange={(object) => void setFilters({ object })}
        />
        <TextInput
          label="From"
          type="date"
          size="xs"
          value={filters.from ?? ""}
          onChange={(event) => void setFilters({ from: event.currentTarget.value || null })}
        />
        <TextInput
          label="To"
          type="date"
          size="xs"
          value={filters.to ?? ""}
          onChange={(event) => void setFilters({ to: event.currentTarget.value || null })}
        />
      </FilterBar>
      <PagedItems
        query={pages}
        empty={
          <EmptyState title="No events">
            {isFiltered ? "Nothing in the log matches these filters." : "Nothing has happened in this workspace yet."}
          </EmptyState>
        }
      >
        {(events) => <Events events={events} />}
      </PagedItems>
    </>
  );
}

function Events({ events }: { events: AuditEvent[] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (sequence: number) => {
    const next = new Set(open);
    if (!next.delete(sequence)) next.add(sequence);
    setOpen(next);
  };
  return (
    <WideTable label="Events" minWidth={720}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36}>
              <VisuallyHidden>Details</VisuallyHidden>
            </Table.Th>
            <Table.Th data-numeric w={64}>
              #
            </Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => {
            const isOpen = open.has(event.sequence);
            const Icon = isOpen ? IconChevronDown : IconChevronRight;
            return (
              <Fragment key={event.sequence}>
                <Table.Tr>
                  <Table.Td>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size="sm"
                      aria-expanded={isOpen}
                      aria-label={`Details of event ${event.sequence}`}
                      onClick={() => toggle(event.sequence)}
                    >
                      <Icon size={16} />
                    </ActionIcon>
                  </Table.Td>
                  <Table.Td data-numeric>{event.sequence}</Table.Td>
                  <Table.Td className={classes.nowrap}>
                    <TimeAgo at={event.at} />
                  </Table.Td>
                  <Table.Td className={classes.nowrap}>{event.actorName}</Table.Td>
                  <Table.Td className={classes.object}>
                    <What event={event} />
                  </Table.Td>
                  <Table.Td>
                    <Code>{event.action}</Code>
                  </Table.Td>
                </Table.Tr>
                {isOpen && (
                  <Table.Tr>
                    <Table.Td />
                    <Table.Td colSpan={5}>
                      <EventDifference event={event} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function What({ event }: { event: AuditEvent }) {
  const { did, object, href } = describeEvent(event);
  return (
    <>
      {did}{" "}
      {href ? (
        <Anchor component={Link} href={href} inherit underline="always">
          {object}
        </Anchor>
      ) : (
        object
      )}
    </>
  );
}
