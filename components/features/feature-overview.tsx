"use client";

import { Skeleton, Stack, Text, Title } from "@mantine/core";
import dynamic from "next/dynamic";
import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { ExperimentsOn } from "@/components/experiments/experiments-on";
import { ProfileGlance } from "@/components/distributions/profile-glance";
import mainAndAside from "@/components/ui/main-and-aside.module.css";
import classes from "./feature.module.css";
import { FeatureFacts } from "./feature-facts";
import { FeatureReaders } from "./feature-readers";
import { FeatureRules } from "./feature-rules";
import { PictureWords } from "./picture-words";
import { useOrigin } from "./use-origin";

const SnippetTabs = dynamic(() => import("./snippet-tabs").then((all) => all.SnippetTabs), {
  loading: () => <Skeleton height={200} />,
});

/** What a person decides by: meaning, distribution, how to get it, who reads it. */
export function FeatureOverview({ workspace, feature }: { workspace: string; feature: FeatureDetail }) {
  const origin = useOrigin();
  return (
    <div className={mainAndAside.columns}>
      <Stack gap="lg">
        <Text className={classes.reading} fz="md">
          {feature.description || "No description yet. Add a Feature document for it to your specs."}
        </Text>
        <FeatureFacts feature={feature} />
        <section>
          <Title order={2} mb="xs">
            Distribution
          </Title>
          <PictureWords picture={feature.picture} />
          <ProfileGlance workspace={workspace} name={feature.name} height={200} />
        </section>
        <FeatureRules workspace={workspace} name={feature.name} />
        <ExperimentsOn workspace={workspace} about={{ feature: feature.name }} />
      </Stack>
      <Stack gap="lg">
        <section>
          <Title order={2} mb="xs">
            Use it
          </Title>
          <SnippetTabs feature={feature} origin={origin} />
        </section>
        <FeatureReaders feature={feature} />
      </Stack>
    </div>
  );
}
