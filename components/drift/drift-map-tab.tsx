"use client";

import { SegmentedControl, Select, Text } from "@mantine/core";
import { useQueryStates } from "nuqs";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { DriftMapView } from "./drift-map-view";
import { driftParsers } from "./drift-views";

/** What an environment serves, window by window: feature-group drift, grouped and filtered by feature view. */
export function DriftMapTab({ workspace }: { workspace: string }) {
  const [{ environment, group }, setState] = useQueryStates(
    { environment: driftParsers.environment, group: driftParsers.group },
    { history: "push" },
  );
  return (
    <DriftMapView
      workspace={workspace}
      about={(map) => `${map.environment} serves`}
      scope={(map) => (
        <>
          <div>
            <Text size="xs" fw={500} id="drift-environment">
              Versions served in
            </Text>
            <SegmentedControl
              size="xs"
              aria-labelledby="drift-environment"
              value={environment ?? map?.environment ?? "production"}
              onChange={(value) => void setState({ environment: value as typeof environment })}
              data={[...ENVIRONMENTS]}
            />
          </div>
          <Select
            label="Feature view"
            placeholder="Any"
            size="xs"
            w={150}
            clearable
            clearButtonProps={{ "aria-label": "Any feature view" }}
            value={group}
            data={map?.views ?? []}
            onChange={(value) => void setState({ group: value })}
          />
        </>
      )}
    />
  );
}
