"use client";

import { PLANNED_ACTIONS } from "@/lib/domain/leakage/codes";
import { Anchor, Code, Drawer, Group, List, Skeleton, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { leakageQueries } from "@/lib/client/leakage";
import type { ChainLink, LeakageProof, ProofFix } from "@/lib/contracts/leakage";
import { MeasuredUnits } from "./measured-units";
import { PlannedFixes } from "./planned-fixes";
import { RowSetPlane } from "./row-set-plane";
import { Sentence } from "@/components/ui/sentence";
import classes from "./usage.module.css";
import { VerdictMark } from "./verdict-mark";

/** The proof of one cell of the matrix, beside the page it was opened from. */
export function LeakageProofDrawer({
  modelVersionId,
  feature,
  onClose,
}: {
  modelVersionId: string | null;
  feature: string | null;
  onClose: () => void;
}) {
  return (
    <Drawer.Root opened={modelVersionId !== null} onClose={onClose} position="right" size={720}>
      <Drawer.Overlay />
      <Drawer.Content aria-label="Proof">
        <Drawer.Body pt="md">
          {/* Mantine's header would be a second banner of the page. */}
          <Drawer.CloseButton className={classes.close} aria-label="Close the proof" />
          {modelVersionId !== null && <Proof modelVersionId={modelVersionId} feature={feature ?? undefined} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Proof({ modelVersionId, feature }: { modelVersionId: string; feature: string | undefined }) {
  const { data: proof, error, refetch } = useQuery(leakageQueries.proof(modelVersionId, feature));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!proof)
    return (
      <Stack gap="md" role="status" aria-label="Loading">
        <Skeleton height={24} width="60%" />
        <Skeleton height={80} />
        <Skeleton height={220} />
      </Stack>
    );
  return <ProofBody proof={proof} />;
}

function ProofBody({ proof }: { proof: LeakageProof }) {
  const fits = fitsOf(proof);
  const [chosen, setChosen] = useState(0);
  const fit = fits[chosen] ?? fits[0];
  const estimator = proof.estimators.find(({ id }) => id === fit?.estimator);
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} mb={4} pr={40}>
          {proof.feature ? `${proof.feature} v${proof.featureVersion} → ` : "Everything that it reads → "}
          {proof.model} v{proof.modelVersion}
        </Title>
        <Group gap="sm">
          <VerdictMark verdict={proof.verdict} severity={proof.severity} />
          {proof.reasons.map((reason) => (
            <Code key={reason}>{reason}</Code>
          ))}
          <Text size="sm" c="dimmed">
            {proof.runId === null ? (
              "fitted elsewhere: no run here evaluated it"
            ) : (
              <>
                evaluated by run{" "}
                <Anchor component={Link} href={`/runs/${proof.runId}`} inherit underline="always">
                  #{proof.run}
                </Anchor>
              </>
            )}
          </Text>
        </Group>
      </div>
      <List size="sm" spacing={6} className={classes.reasons} aria-label="Why">
        {proof.explanation.map((sentence) => (
          <List.Item key={sentence}>
            <Sentence text={sentence} />
          </List.Item>
        ))}
      </List>
      {fits.length > 1 && (
        <section aria-label="Fits">
          <Title order={3} mb={4}>
            Fits
          </Title>
          <ul className={classes.estimators}>
            {fits.map(({ name, note, verdict, rows }, index) => (
              <li key={`${name} ${note}`}>
                <UnstyledButton
                  className={classes.estimator}
                  aria-pressed={fit === fits[index]}
                  onClick={() => setChosen(index)}
                >
                  <VerdictMark verdict={verdict} />
                  <span>
                    <strong>{name}</strong> ({note}) on <Sentence text={rows} />
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Rows">
        <Title order={3} mb={4}>
          Rows
        </Title>
        <RowSetPlane plane={proof.plane} estimator={fit?.estimator ?? null} />
        <Text size="sm" c="dimmed">
          Two rows are the same when they agree on {proof.unit.join(" and ")}.
        </Text>
      </section>
      {estimator && estimator.chain.length > 0 && (
        <section aria-label="Path to the model">
          <Title order={3} mb={4}>
            Path to the model
          </Title>
          <Chain chain={estimator.chain} />
        </section>
      )}
      <MeasuredUnits modelVersionId={proof.modelVersionId} />
      <section aria-label="Fixes">
        <Title order={3} mb={4}>
          {proof.verdict === "safe" ? "Nothing to fix" : "Possible fixes"}
        </Title>
        <Fixes proof={proof} />
      </section>
    </Stack>
  );
}

interface ProofFit {
  /** Null: the model itself. */
  estimator: string | null;
  name: string;
  note: string;
  verdict: LeakageProof["verdict"];
  rows: string;
}

/** The model's own fit and those upstream, the worst first. */
function fitsOf({ model, own, estimators, verdict }: LeakageProof): ProofFit[] {
  const upstream = estimators.map((one): ProofFit => ({
    estimator: one.id,
    name: one.id,
    note: one.class,
    verdict: one.verdict,
    rows: one.rows,
  }));
  if (!own) return upstream;
  const itself: ProofFit = { estimator: null, name: model, note: "the model itself", ...own };
  return own.verdict === verdict ? [itself, ...upstream] : [...upstream, itself];
}

/** What can be planned, then advice that needs somebody's decision or a measurement. */
function Fixes({ proof }: { proof: LeakageProof }) {
  const { verdict, fixes, modelVersionId } = proof;
  if (verdict === "safe" && fixes.length === 0) return <Text size="sm">No fit has seen the test rows.</Text>;
  // A model that was fitted elsewhere has no plan here.
  const isPlannable = proof.runId !== null && verdict !== "safe";
  // What a measurement can do has a button of its own.
  const own = fixes.filter(({ action }) => action !== "measure");
  const advice = isPlannable ? own.filter(({ action }) => !isPlanned(action)) : own;
  if (!isPlannable && advice.length === 0) return <Text size="sm">No remedy is known for these reasons.</Text>;
  return (
    <Stack gap="sm">
      {isPlannable && <PlannedFixes modelVersionId={modelVersionId} />}
      {advice.length > 0 && (
        <ul className={classes.fixes} aria-label="Advice">
          {advice.map((fix) => (
            <Advice key={`${fix.action} ${fix.title}`} fix={fix} />
          ))}
        </ul>
      )}
    </Stack>
  );
}

const PLANNED: ReadonlySet<string> = new Set(PLANNED_ACTIONS);
const isPlanned = (action: ProofFix["action"]) => PLANNED.has(action);

function Advice({ fix }: { fix: ProofFix }) {
  return (
    <li>
      <Text size="sm">
        <Sentence text={`${fix.title}.`} />
      </Text>
      {fix.rows && (
        <Text size="sm" c="dimmed">
          <Sentence text={fix.rows} />
        </Text>
      )}
      {fix.verdictAfter && (
        <Group gap={6}>
          <Text size="sm">The verdict would be</Text>
          <VerdictMark verdict={fix.verdictAfter} severity={fix.severityAfter ?? "none"} />
        </Group>
      )}
    </li>
  );
}

function Chain({ chain }: { chain: ChainLink[] }) {
  return (
    <ol className={classes.chain}>
      {chain.map((link, index) => (
        <li key={`${link.name} ${index}`}>
          {index > 0 && <IconArrowRight size={14} aria-hidden="true" />}
          <span className={classes.link} data-kind={link.kind} data-verdict={link.verdict ?? undefined}>
            {link.name}
            <span className={classes.kind}>{link.verdict ? `${link.kind}, ${link.verdict}` : link.kind}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
