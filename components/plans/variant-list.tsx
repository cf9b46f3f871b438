"use client";

import { Button, CopyButton, Radio, Text } from "@mantine/core";
import { IconArrowsDiff, IconCopy } from "@tabler/icons-react";
import { VerdictMark } from "@/components/usage/verdict-mark";
import { formatCount, group } from "./format-count";
import { durationInWords } from "@/components/runs/figures";
import { variantColour } from "./node-look";
import { costInWords, reusedInWords } from "./reuse-words";
import classes from "./plan.module.css";
import type { ListedVariant } from "./read-plan";

/** The listed variants, each with what distinguishes it, what it costs and whether it can be trusted. */
export function VariantList({
  variants,
  total,
  atLeast,
  chosen,
  compared,
  onChoose,
  onCompare,
}: {
  variants: ListedVariant[];
  /** Decimal string of any length. */
  total: string;
  atLeast: boolean;
  chosen: ListedVariant;
  compared: ListedVariant | null;
  onChoose(variant: ListedVariant): void;
  onCompare(variant: ListedVariant | null): void;
}) {
  return (
    <section aria-labelledby="variants" className={classes.variants}>
      <h2 id="variants" className={classes.variantsTitle}>
        <Total total={total} atLeast={atLeast} listed={variants.length} />
      </h2>
      <div className={classes.variantScroll} role="radiogroup" aria-labelledby="variants">
        {variants.map((variant, position) => {
          const isFirstOfOutput = variant.output !== null && variants[position - 1]?.output !== variant.output;
          const isChosen = variant.index === chosen.index;
          const isCompared = variant.index === compared?.index;
          return (
            <div key={variant.index}>
              {isFirstOfOutput && (
                <Text size="xs" fw={600} className={classes.column} mt={8} mb={2}>
                  {variant.output}
                </Text>
              )}
              <div
                className={classes.variant}
                data-chosen={isChosen || undefined}
                data-compared={isCompared || undefined}
                style={{ "--c": variantColour(variant.index) } as React.CSSProperties}
              >
                <Radio
                  name="variant"
                  size="xs"
                  checked={isChosen}
                  onChange={() => onChoose(variant)}
                  label={
                    <>
                      <b className={classes.letter}>{variant.letter}</b> {variant.text}
                    </>
                  }
                  classNames={{ body: classes.radioBody, label: classes.radioLabel }}
                />
                <Facts variant={variant} />
                {!isChosen && (
                  <Button
                    size="compact-xs"
                    variant={isCompared ? "default" : "subtle"}
                    leftSection={<IconArrowsDiff size={13} />}
                    aria-pressed={isCompared}
                    aria-label={`Compare ${chosen.letter} with ${variant.letter}`}
                    className={classes.compareButton}
                    onClick={() => onCompare(isCompared ? null : variant)}
                  >
                    {isCompared ? "compared" : `compare with ${chosen.letter}`}
                  </Button>
                )}
              </div>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Facts({ variant: { stages, details } }: { variant: ListedVariant }) {
  const { cost, remaining, fitted, materialised, saves, verdict, search } = details;
  const reused = reusedInWords(fitted, materialised);
  return (
    <div className={classes.variantFacts}>
      <span>
        {stages.length} {stages.length === 1 ? "stage" : "stages"} · {costInWords(cost, remaining)}
      </span>
      {search && (
        <span>
          searches {search.trials} trials first: {search.fits} fits, {search.cost} cost units
        </span>
      )}
      {reused.length > 0 && (
        <span>
          {reused.join(" · ")}
          {saves > 0 && `, saves ${durationInWords(saves)}`}
        </span>
      )}
      {verdict && <VerdictMark verdict={verdict.verdict} severity={verdict.severity} />}
    </div>
  );
}

/** How many variants there are; a number that nobody can read is said shortly and can be copied whole. */
function Total({ total, atLeast, listed }: { total: string; atLeast: boolean; listed: number }) {
  const { text, isExact } = formatCount(total);
  const all = `${atLeast ? "at least " : ""}${text} ${total === "1" ? "variant" : "variants"}`;
  return (
    <>
      <span title={isExact ? undefined : group(total)}>
        {String(listed) === total && !atLeast ? all : `First ${listed} of ${all}`}
      </span>
      {!isExact && (
        <CopyButton value={total}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconCopy size={13} />}
              onClick={copy}
              aria-label="Copy the exact number of variants"
            >
              {copied ? "copied" : `all ${total.length} digits`}
            </Button>
          )}
        </CopyButton>
      )}
    </>
  );
}
