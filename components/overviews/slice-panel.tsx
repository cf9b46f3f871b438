import { Anchor, Button, CloseButton, Group, Text } from "@mantine/core";
import { IconArrowUpRight } from "@tabler/icons-react";
import Link from "next/link";
import { sideLook } from "@/components/distributions/part-colour";
import type { OverviewFeature, OverviewSide } from "@/lib/contracts/overviews";
import type { Slice } from "@/lib/domain/profiles/slice";
import { countSlice, sliceName } from "./bar-slice";
import classes from "./overview.module.css";

/** The selected bar: its name, how many rows each side has in it, and how the sides compare. */
export function SlicePanel({
  feature,
  sides,
  slice,
  diveHref,
  onClear,
}: {
  feature: OverviewFeature;
  sides: readonly OverviewSide[];
  slice: Slice;
  /** Null where rows cannot be looked at. */
  diveHref: string | null;
  onClear(): void;
}) {
  const name = sliceName(slice, feature);
  const counted = countSlice(feature, sides, slice);
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
                {counted.counts.length > 1 ? `Against ${counted.counts[0]?.side.label}` : ""}
              </th>
            </tr>
          </thead>
          <tbody>
            {counted.counts.map(({ side, rows, share, ratio }) => (
              <tr key={side.key}>
                <th scope="row">
                  <span className={classes.side}>
                    <span
                      className={classes.swatch}
                      style={{ background: sideLook(side.key, sides.indexOf(side)).colour }}
                      aria-hidden
                    />
                    {side.label}
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
