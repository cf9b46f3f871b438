"use client";

import { Checkbox, Stack, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { FeatureList } from "@/lib/contracts/features";
import { hasFilter, type FilterField } from "@/lib/domain/search/query";
import { TOO_LITTLE_DATA } from "@/components/ui/state-words";
import classes from "./features.module.css";
import type { Discovery } from "./use-discovery";

const FACETS: { field: FilterField; label: string }[] = [
  { field: "entity", label: "Entity" },
  { field: "env", label: "Environment" },
  { field: "tag", label: "Tag" },
  { field: "meta", label: "Metadata" },
  { field: "type", label: "Type" },
  { field: "owner", label: "Owner" },
  { field: "drift", label: "Drift" },
  { field: "leak", label: "Leakage" },
  { field: "used_by", label: "Used by" },
  { field: "sensitivity", label: "Sensitivity" },
  { field: "is", label: "State" },
];

/** Values as people say them where the value alone is unclear. */
const NAMES: Partial<Record<FilterField, Record<string, string>>> = {
  drift: { insufficient_data: TOO_LITTLE_DATA, unmeasured: "not measured" },
  leak: { leak: "leaks", unread: "read by no model" },
};

/** Values shown before "more". */
const FIRST = 6;

/** Filters with counts. A facet that could not narrow the answer is left out. */
export function FacetList({
  facets,
  total,
  discovery,
}: {
  facets: FeatureList["facets"];
  total: number;
  discovery: Discovery;
}) {
  const useful = FACETS.filter(({ field }) => {
    const values = facets[field];
    const isChosen = discovery.parts.some((part) => part.kind === "filter" && part.field === field);
    return isChosen || values.length > 1 || (values.length === 1 && (values[0]?.count ?? 0) < total);
  });
  return (
    <Stack gap="md">
      {useful.map(({ field, label }) => (
        <Facet key={field} field={field} label={label} values={facets[field]} discovery={discovery} />
      ))}
    </Stack>
  );
}

function Facet({
  field,
  label,
  values,
  discovery: { parts, toggle },
}: {
  field: FilterField;
  label: string;
  values: FeatureList["facets"][FilterField];
  discovery: Discovery;
}) {
  const [isWhole, setWhole] = useState(false);
  const shown = values.filter(({ value }, at) => isWhole || at < FIRST || hasFilter(parts, field, value));
  return (
    <fieldset className={classes.facet}>
      <legend>{label}</legend>
      {shown.map(({ value, count }) => (
        <div key={value} className={classes.facetValue}>
          <Checkbox
            size="xs"
            label={NAMES[field]?.[value] ?? value}
            checked={hasFilter(parts, field, value)}
            onChange={() => toggle(field, value)}
            classNames={{ label: classes.facetLabel, body: classes.facetBody, labelWrapper: classes.facetLabelWrapper }}
          />
          <Text span size="xs" c="dimmed" className="tr-number" aria-hidden>
            {count.toLocaleString("en")}
          </Text>
        </div>
      ))}
      {values.length > FIRST && (
        <UnstyledButton fz="xs" c="var(--mantine-primary-color-light-color)" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "fewer" : `${values.length - FIRST} more`}
        </UnstyledButton>
      )}
    </fieldset>
  );
}
