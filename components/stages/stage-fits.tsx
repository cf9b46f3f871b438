import { Anchor, Group, Spoiler, Text } from "@mantine/core";
import Link from "next/link";
import { durationInWords } from "@/components/runs/figures";
import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import type { StageDetail, StageFit } from "@/lib/contracts/stages";
import { readableSql } from "./readable-sql";
import classes from "./stages.module.css";

/** What the estimator learned, from which rows, and the expression that it became. */
export function StageFits({ stage }: { stage: StageDetail }) {
  return (
    <Section id="fits" title="Fits" note={stage.fits > 0 ? `${stage.recentFits.length} of ${stage.fits}` : undefined}>
      {stage.recentFits.length === 0 && (
        <Text size="sm" c="dimmed">
          It has not been fitted yet. A run of a pipeline that needs it fits it.
        </Text>
      )}
      {stage.recentFits.map((fit) => (
        <Fit key={fit.id} fit={fit} />
      ))}
    </Section>
  );
}

function Fit({ fit }: { fit: StageFit }) {
  const figures = Object.entries(fit.summary)
    .filter(([name]) => name !== "rows")
    .map(([name, value]) => `${name} ${value.toLocaleString("en-US")}`);
  return (
    <div className={classes.entry}>
      <Group gap={6}>
        <Text size="sm" component="div">
          <Anchor component={Link} href={`/runs/${fit.run.id}`} size="sm" underline="always">
            run {fit.run.number}
          </Anchor>{" "}
          · version {fit.version} · {fit.rows.toLocaleString("en-US")} rows in {durationInWords(fit.seconds)} ·{" "}
          <TimeAgo at={fit.at} />
        </Text>
      </Group>
      <Text size="sm" c="dimmed" className={classes.reading}>
        Fitted on {fit.rowSet ?? "rows that were not recorded"}.{figures.length > 0 && ` ${figures.join(" · ")}.`}
      </Text>
      {Object.entries(fit.expressions).map(([column, expression]) => (
        <Spoiler key={column} maxHeight={180} showLabel="Show all of it" hideLabel="Show less" mt="xs">
          <Text size="xs" c="dimmed" mb={4}>
            <span className={classes.column}>{column}</span> is now
          </Text>
          <CodeBlock code={readableSql(expression)} label={`expression of ${column}`} />
        </Spoiler>
      ))}
    </div>
  );
}
