"use client";

import { Anchor, Button, SegmentedControl, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedItems } from "@/components/ui/paged-items";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { abTestQueries } from "@/lib/client/ab-tests";
import type { AbTestSummary } from "@/lib/contracts/ab-tests";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import { AB_TEST_PAGE, abTestListParsers } from "./ab-test-views";
import itemList from "@/components/ui/item-list.module.css";
import { TestVerdict } from "./test-verdict";

/** The A/B tests of a workspace with their newest verdicts; which ones stands in the URL. */
export function AbTestList({ workspace, canWrite }: { workspace: string; canWrite: boolean }) {
  const [{ state }, setState] = useQueryStates(abTestListParsers);
  const pages = useInfiniteQuery({
    ...abTestQueries.pages({ workspace, ...(state && { state }), limit: AB_TEST_PAGE }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <SegmentedControl
        aria-label="Which tests"
        mb="sm"
        value={state ?? "all"}
        onChange={(value) => void setState({ state: value === "all" ? null : (value as "running") })}
        data={[
          { value: "all", label: "All" },
          { value: "running", label: "Running" },
          { value: "closed", label: "Closed" },
        ]}
      />
      <PagedItems query={pages} rowHeight={72} empty={<Nothing filtered={state !== null} canWrite={canWrite} />}>
        {(tests) => (
          <ul className={itemList.items}>
            {tests.map((test) => (
              <Item key={test.name} test={test} />
            ))}
          </ul>
        )}
      </PagedItems>
    </>
  );
}

function Item({ test }: { test: AbTestSummary }) {
  const { name, arms, state, winner, sentence, verdict, metric, output, createdBy, createdAt, closedAt } = test;
  return (
    <li className={itemList.item}>
      <div className={itemList.itemHead}>
        <Anchor component={Link} href={`/deployments/ab-tests/${name}`} className={itemList.itemTitle}>
          {name}
        </Anchor>
        <StateBadge state={state} />
        <TestVerdict code={verdict} />
        {state === "closed" && <span>{winner ? `${winner} won` : "no winner"}</span>}
      </div>
      <div>{sentence ?? "Not compared yet."}</div>
      <Text size="xs" c="dimmed" component="div">
        {arms.map((arm) => `${arm.name}: ${arm.deployment}`).join(" against ")} · {METRIC_FACTS[metric].label} of{" "}
        {output} · {closedAt ? "closed " : `set up by ${createdBy} `}
        <TimeAgo at={closedAt ?? createdAt} />
      </Text>
    </li>
  );
}

function Nothing({ filtered, canWrite }: { filtered: boolean; canWrite: boolean }) {
  if (filtered) return <EmptyState title="No such test">Show all tests.</EmptyState>;
  return (
    <EmptyState
      title="No A/B tests yet"
      action={
        canWrite && (
          <Button component={Link} href="/deployments/ab-tests/new">
            Set one up
          </Button>
        )
      }
    >
      Deploy two variants of the same output, then compare them: a hash assigns rows to arms, predictions are compared
      with actual outcomes, and the verdict states its uncertainty.
    </EmptyState>
  );
}
