"use client";

import { Badge, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { monitorQueries } from "@/lib/client/monitors";
import { AlertsTab } from "./alerts-tab";
import { ConceptTab } from "./concept-tab";
import { DriftMapTab } from "./drift-map-tab";
import { ModelDriftTab } from "./model-drift-tab";
import { driftParsers } from "./drift-views";
import { MonitorsTab } from "./monitors-tab";
import { SkewTab } from "./skew-tab";

/** What changed over time, who watches it, and what was made of it. */
export function DriftPage({
  workspace,
  mayEdit,
  maySave,
  mayCheck,
}: {
  workspace: string;
  mayEdit: boolean;
  maySave: boolean;
  mayCheck: boolean;
}) {
  const [{ view }, setState] = useQueryStates({ view: driftParsers.view }, { history: "push" });
  const { data: alerts } = useQuery(monitorQueries.alerts({ workspace, state: "live" }));
  return (
    <Tabs value={view} onChange={(value) => void setState({ view: value as typeof view })} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="map">Heat map</Tabs.Tab>
        <Tabs.Tab value="models">Model features</Tabs.Tab>
        <Tabs.Tab value="concept">Concept</Tabs.Tab>
        <Tabs.Tab value="skew">Skew</Tabs.Tab>
        <Tabs.Tab value="monitors">Monitors</Tabs.Tab>
        <Tabs.Tab
          value="alerts"
          rightSection={
            alerts && alerts.total > 0 ? (
              <Badge size="sm" variant="light" color="orange" circle={alerts.total < 10}>
                {alerts.total}
              </Badge>
            ) : undefined
          }
        >
          Alerts
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="map">
        <DriftMapTab workspace={workspace} />
      </Tabs.Panel>
      <Tabs.Panel value="models">
        <ModelDriftTab workspace={workspace} />
      </Tabs.Panel>
      <Tabs.Panel value="concept">
        <ConceptTab workspace={workspace} mayEdit={mayEdit} />
      </Tabs.Panel>
      <Tabs.Panel value="skew">
        <SkewTab workspace={workspace} mayCheck={mayCheck} />
      </Tabs.Panel>
      <Tabs.Panel value="monitors">
        <MonitorsTab workspace={workspace} mayEdit={mayEdit} maySave={maySave} />
      </Tabs.Panel>
      <Tabs.Panel value="alerts">
        <AlertsTab workspace={workspace} />
      </Tabs.Panel>
    </Tabs>
  );
}
