"use client";

import { Alert, Anchor, Button, Group, List, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { ApiError } from "@/lib/client/api";
import classes from "./plan.module.css";
import { type PlanProblem, readProblem } from "./read-problem";

export interface ProblemActions {
  /** Puts another column in the place of an output. */
  replaceOutput(column: string, by: string): void;
  removeOutput(column: string): void;
  /** Lays a corrected copy of the stage over the workspace, for this plan only. */
  correctStage(stage: string, column: string, by: string): void;
  unpin(pin: string): void;
  replacePin(pin: string, by: string): void;
  unpinAll(): void;
  planIndependently(): void;
  listAsDeclared(): void;
  openDrafts(): void;
  retry(): void;
}

/** Why there is no plan, and what can be clicked to get one. */
export function PlanProblemView({
  error,
  drafted,
  outputs,
  pins,
  actions,
}: {
  error: Error;
  /** Stages of the drafts: they have no page of their own. */
  drafted: ReadonlySet<string>;
  outputs: readonly string[];
  pins: readonly string[];
  actions: ProblemActions;
}) {
  const problem: PlanProblem = error instanceof ApiError ? readProblem(error.problem) : { kind: "other" };
  const stage = (name: string) =>
    drafted.has(name) ? (
      <Anchor component="button" type="button" inherit underline="always" onClick={actions.openDrafts}>
        {name} (draft)
      </Anchor>
    ) : (
      <Anchor component={Link} href={`/stages/${name}`} inherit underline="always">
        {name}
      </Anchor>
    );
  switch (problem.kind) {
    case "missing":
      return (
        <ProblemAlert
          title={problem.missing.length > 1 ? "No stage writes these columns" : "No stage writes this column"}
        >
          <List listStyleType="none" spacing="md">
            {problem.missing.map((missing) => (
              <List.Item key={missing.column} styles={{ itemWrapper: { display: "block" } }}>
                <MissingColumn {...missing} outputs={outputs} actions={actions} stage={stage} />
              </List.Item>
            ))}
          </List>
        </ProblemAlert>
      );
    case "cycle":
      return (
        <ProblemAlert title="A column depends on itself">
          <Loop steps={problem.steps} stage={stage} />
          <Text size="sm" mt="sm">
            Make one of these columns a source, or add a stage that writes it from elsewhere. To try that, preview a
            stage that is not registered yet.
          </Text>
          <Button mt="sm" size="xs" variant="default" onClick={actions.openDrafts}>
            Preview a stage
          </Button>
        </ProblemAlert>
      );
    case "pin":
      return (
        <ProblemAlert title="A pin cannot be satisfied">
          <Text size="sm">{error.message}</Text>
          <Group mt="sm" gap="sm">
            {problem.instead.map((pin) => (
              <Button key={pin} size="xs" variant="default" onClick={() => actions.replacePin(problem.pin, pin)}>
                Pin {pin}
              </Button>
            ))}
            <Button size="xs" variant="default" onClick={() => actions.unpin(problem.pin)}>
              Unpin {problem.pin}
            </Button>
          </Group>
        </ProblemAlert>
      );
    case "conflict":
      return (
        <ProblemAlert title="No single plan produces all outputs">
          <Text size="sm">{error.message}</Text>
          <Group mt="sm" gap="sm">
            {pins.length > 0 && (
              <Button size="xs" variant="default" onClick={actions.unpinAll}>
                Remove all pins
              </Button>
            )}
            {outputs.length > 1 && (
              <Button size="xs" variant="default" onClick={actions.planIndependently}>
                Plan each output separately
              </Button>
            )}
            {outputs.length > 1 &&
              outputs.map((output) => (
                <Button key={output} size="xs" variant="default" onClick={() => actions.removeOutput(output)}>
                  Without {output}
                </Button>
              ))}
          </Group>
        </ProblemAlert>
      );
    case "budget":
      return (
        <ProblemAlert title="Too many variants to search">
          <Text size="sm">{error.message}</Text>
          <Group mt="sm" gap="sm">
            <Button size="xs" variant="default" onClick={actions.listAsDeclared}>
              List in declaration order
            </Button>
            {outputs.length > 1 && (
              <Button size="xs" variant="default" onClick={actions.planIndependently}>
                Plan each output separately
              </Button>
            )}
          </Group>
        </ProblemAlert>
      );
    case "drafts":
      return (
        <ProblemAlert title="The previewed stages have errors">
          <Text size="sm">{error.message}</Text>
          <Button mt="sm" size="xs" variant="default" onClick={actions.openDrafts}>
            Correct them
          </Button>
        </ProblemAlert>
      );
    case "other":
      return (
        <ProblemAlert title="No plan">
          <Text size="sm">{error.message}</Text>
          <Button mt="sm" size="xs" variant="default" onClick={actions.retry}>
            Try again
          </Button>
        </ProblemAlert>
      );
  }
}

function ProblemAlert({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert color="orange" title={title} role="alert" my="md">
      {children}
    </Alert>
  );
}

function MissingColumn({
  column,
  requiredBy,
  suggestions,
  outputs,
  actions,
  stage,
}: {
  column: string;
  requiredBy: string[];
  suggestions: string[];
  outputs: readonly string[];
  actions: ProblemActions;
  stage(name: string): ReactNode;
}) {
  const readers = requiredBy.filter((name) => name !== "<output>");
  const isOutput = requiredBy.includes("<output>");
  return (
    <>
      <Text size="sm">
        <span className={classes.column}>{column}</span>{" "}
        {isOutput && `is wanted${readers.length > 0 ? " and" : ", and nothing writes it."}`}
        {readers.length > 0 && (
          <>
            {" "}
            is read by{" "}
            {readers.map((name, index) => (
              <span key={name}>
                {index > 0 && ", "}
                {stage(name)}
              </span>
            ))}
            , and nothing writes it.
          </>
        )}
        {suggestions.length === 0 && " Declare it as a source's column, or add a stage that writes it."}
      </Text>
      {isOutput && (
        <Group gap="xs" mt={6}>
          {suggestions.length > 0 && <Text size="sm">Did you mean</Text>}
          {suggestions.map((name) => (
            <Button
              key={name}
              size="compact-sm"
              variant="default"
              className={classes.column}
              onClick={() => actions.replaceOutput(column, name)}
            >
              {name}
            </Button>
          ))}
          {outputs.length > 1 && (
            <Button size="compact-sm" variant="default" onClick={() => actions.removeOutput(column)}>
              Leave it out
            </Button>
          )}
        </Group>
      )}
      {readers.map((name) =>
        suggestions.map((suggestion) => (
          <Group key={`${name} ${suggestion}`} gap="xs" mt={6}>
            <Text size="sm">
              In {stage(name)}, read <span className={classes.column}>{suggestion}</span> instead.
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Try ${suggestion} in ${name}`}
              onClick={() => actions.correctStage(name, column, suggestion)}
            >
              Try it here
            </Button>
          </Group>
        )),
      )}
    </>
  );
}

/** The loop as a sequence that ends where it began. */
function Loop({ steps, stage }: { steps: { column: string; stage: string }[]; stage(name: string): ReactNode }) {
  const first = steps[0];
  return (
    <ol className={classes.loop} aria-label="The loop">
      {steps.map((step) => (
        <li key={step.column}>
          <span className={classes.loopColumn}>{step.column}</span>
          <span className={classes.loopStage}>
            is written by {stage(step.stage)}, which reads <IconArrowRight size={14} aria-hidden="true" />
          </span>
        </li>
      ))}
      {first && (
        <li>
          <span className={classes.loopColumn}>{first.column}</span>
        </li>
      )}
    </ol>
  );
}
