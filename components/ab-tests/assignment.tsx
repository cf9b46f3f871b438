"use client";

import { Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ObjectLink } from "@/components/definitions/object-link";
import { Section } from "@/components/ui/section";
import { abTestQueries } from "@/lib/client/ab-tests";
import type { AbTest } from "@/lib/contracts/ab-tests";
import { ARM_COLOURS } from "./ab-test-views";
import classes from "./ab-tests.module.css";

/** Which buckets are whose, drawn; and the arm of any key. */
export function Assignment({ workspace, test }: { workspace: string; test: AbTest }) {
  const [key, setKey] = useState("");
  const [asked] = useDebouncedValue(key.trim(), 250);
  const { data } = useQuery(abTestQueries.assignment(workspace, test.name, asked));
  const { buckets } = test.policy;
  const percent = (count: number) => `${(count / buckets) * 100}%`;
  return (
    <Section id="assignment" title="Assignment">
      <Text size="sm" c="dimmed" mb="xs">
        By split policy <ObjectLink kind="SplitPolicy" name={test.splitPolicy} />.
      </Text>
      <div className={classes.buckets} aria-hidden="true">
        {test.arms.flatMap((arm, index) =>
          arm.ranges.map(([from = 0, to = 0]) => (
            <div
              key={`${arm.name} ${from}`}
              className={classes.range}
              style={{ left: percent(from), width: percent(to - from), background: ARM_COLOURS[index] }}
            />
          )),
        )}
        {asked && data && <div className={classes.marker} style={{ left: percent(data.bucket + 0.5) }} />}
      </div>
      <Text component="div" mt={6}>
        {test.arms.map((arm, index) => (
          <span key={arm.name} className={classes.legend}>
            <span aria-hidden="true" style={{ background: ARM_COLOURS[index] }} />
            {arm.name}: buckets {arm.ranges.map(([from = 0, to = 0]) => `${from} to ${to - 1}`).join(", ")} (
            {Math.round(arm.share * 100)} %)
          </span>
        ))}
      </Text>
      <Text size="sm" c="dimmed" my="xs">
        Bucket = the first 8 hex digits of md5(“{test.policy.salt}:” + {test.policy.key}), modulo{" "}
        {buckets.toLocaleString("en")}.
      </Text>
      <TextInput
        label={`Arm of a key (${test.policy.key})`}
        placeholder="1"
        maw={260}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Text size="sm" mt={4} aria-live="polite">
        {asked && data && data.key === asked
          ? data.arm
            ? `${data.key} is in bucket ${data.bucket}: arm ${data.arm}, deployment ${data.deployment}.`
            : `${data.key} is in bucket ${data.bucket}, which belongs to no arm.`
          : "\u00a0"}
      </Text>
    </Section>
  );
}
