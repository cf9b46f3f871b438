import { Anchor, Button, CloseButton, Group, Text } from "@mantine/core";
import { IconArrowUpRight } from "@tabler/icons-react";
import Link from "next/link";
import { groupStyle } from "@/components/distributions/part-colour";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import type { Slice } from "@/lib/domain/profiles/slice";
import { countSlice, sliceName } from "./bar-slice";
import classes from "./overview.module.css";

/** The selected bar: its name, how many rows each group has in it, and how the groups compare. */
export function SlicePanel({
  feature,
  groups,
  slice,
  diveHref,
  onClear,
}: {
  feature: OverviewFeature;
  groups: readonly ComparisonGroup[];
  slice: Slice;
  /** Null where rows cannot be looked at. */
  diveHref: string | null;
  onClear(): void;
}) {
  const name = sliceName(slice, feature);
  const counted = countSlice(feature, groups, slice);
  return (
    <section className={classes.slice} aria-label={`Slice: ${name}`}>
      <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm" role="status">
          {name}
        </Text>
        <CloseButton size="sm" aria-label="Clear the slice" onClick={onClear} />
      </Group>
      {!counted ? (
        <Text size="sm" c="dimmed">
          These parts are not counted by this bar. Select one of the bars above.
        </Text>
      ) : (
        <table className={classes.sliceTable}>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" data-numeric>
                Rows
              </th>
              <th scope="col" data-numeric>
                Share
              </th>
              <th scope="col" data-numeric>
                {counted.counts.length > 1 ? `Against ${counted.counts[0]?.group.label}` : ""}
              </th>
            </tr>
          </thead>
          <tbody>
            {counted.counts.map(({ group, rows, share, ratio }) => (
              <tr key={group.key}>
                <th scope="row">
                  <span className={classes.group}>
                    <span
                      className={classes.swatch}
                      style={{ background: groupStyle(group.key, groups.indexOf(group)).colour }}
                      aria-hidden
                    />
                    {group.label}
                  </span>
                </th>
                <td data-numeric>{rows.toLocaleString("en")}</td>
                <td data-numeric>{(share * 100).toFixed(2)} %</td>
                <td data-numeric>{ratio === null ? "" : `× ${ratio.toFixed(2)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {diveHref && (
        <Button
          component={Link}
          href={diveHref}
          size="xs"
          variant="default"
          mt={6}
          rightSection={<IconArrowUpRight size={14} />}
        >
          Open in Dive
        </Button>
      )}
      {!diveHref && (
        <Text size="xs" c="dimmed" mt={6}>
          {feature.noRows}{" "}
          <Anchor component={Link} href={`/features/${encodeURIComponent(feature.feature)}`} inherit underline="always">
            {feature.feature}
          </Anchor>
        </Text>
      )}
    </section>
  );
}
