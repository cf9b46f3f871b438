"use client";

import { Anchor, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useDrafts } from "@/components/plans/use-drafts";
import { fixPlanHref } from "@/components/plans/fix-plan-href";
import { costInWords, reusedInWords } from "@/components/plans/reuse-words";
import { Sentence } from "@/components/ui/sentence";
import { leakageQueries } from "@/lib/client/leakage";
import type { PlannedFix } from "@/lib/contracts/leakage-fixes";
import classes from "./usage.module.css";
import { VerdictMark } from "./verdict-mark";

/** What of a leak can be planned: each with the verdict that it would give, what it costs, and a button that leads to its plan. */
export function PlannedFixes({ modelVersionId }: { modelVersionId: string }) {
  const { data, error } = useQuery(leakageQueries.fixes(modelVersionId));
  if (error)
    return (
      <Text size="sm" c="dimmed" role="note">
        Nothing can be planned for it: {error.message}
      </Text>
    );
  if (!data) return <Skeleton height={72} role="status" aria-label="Planning the fixes" />;
  if (data.fixes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {data.verdict?.verdict === "safe"
          ? `As ${data.pipeline} is declared now, its next run would be safe.`
          : "No change of its plan makes this verdict better."}
      </Text>
    );
  return (
    <ul className={classes.fixes} aria-label="Fixes that can be planned">
      {data.fixes.map((fix) => (
        <Planned key={fix.action} fix={fix} workspace={data.workspace} />
      ))}
    </ul>
  );
}

function Planned({ fix, workspace }: { fix: PlannedFix; workspace: string }) {
  const { title, plan, existing, verdict, cost, remaining, fitted, materialised } = fix;
  const facts = [costInWords(cost, remaining), ...reusedInWords(fitted, materialised)].join(" · ");
  return (
    <li>
      <Text size="sm">
        <Sentence text={`${title}.`} />
      </Text>
      <Group gap={6}>
        <Text size="sm">The verdict would be</Text>
        <VerdictMark verdict={verdict.verdict} severity={verdict.severity} />
      </Group>
      <Text size="sm" c="dimmed">
        {facts}
      </Text>
      <Group gap="sm" mt={6}>
        {plan.specs === null ? (
          <Button
            component={Link}
            href={fixPlanHref(plan)}
            size="xs"
            variant="default"
            leftSection={<IconRoute size={14} aria-hidden="true" />}
          >
            Plan this fix
          </Button>
        ) : (
          <PlanWithDocuments plan={plan} specs={plan.specs} workspace={workspace} />
        )}
        {existing !== null && (
          <Text size="sm" c="dimmed">
            planned already as{" "}
            <Anchor component={Link} href={`/pipelines/${existing}`} inherit underline="always">
              {existing}
            </Anchor>
          </Text>
        )}
      </Group>
    </li>
  );
}

/** The documents become the plan builder's previewed ones: whoever applies them changes what others use. */
function PlanWithDocuments({ plan, specs, workspace }: { plan: PlannedFix["plan"]; specs: string; workspace: string }) {
  const router = useRouter();
  const [, setDrafts] = useDrafts(workspace);
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconRoute size={14} aria-hidden="true" />}
      onClick={() => {
        setDrafts(specs);
        router.push(fixPlanHref(plan));
      }}
    >
      Plan this fix
    </Button>
  );
}
