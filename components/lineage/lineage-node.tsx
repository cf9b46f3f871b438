"use client";

import type { Point } from "@/components/ui/viewport";
import { memo, type MouseEvent } from "react";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import type { GraphNode as Node, Hidden, Side } from "./graph/graph";
import { PLAIN, type Mark } from "./graph/marks";
import { letterOf, VARIANT_COLOURS } from "./ink";
import classes from "./lineage-node.module.css";
import { KINDS } from "./node-kinds";

interface Props {
  node: Node;
  at: Point;
  hidden: Hidden | undefined;
  mark: Mark | undefined;
  isFocus: boolean;
  isSelected: boolean;
  /** Whether the tab key stops here; arrow keys lead on. */
  isTabStop: boolean;
  onSelect(id: string): void;
  onMore(id: string, side: Side, button: HTMLElement): void;
}

/** One node in full: kind, name, owner, what serves it, what is wrong with it, and how many neighbours are not shown. */
export const LineageNode = memo(function LineageNode({
  node,
  at,
  hidden = { up: 0, down: 0 },
  mark = PLAIN,
  isFocus,
  isSelected,
  isTabStop,
  onSelect,
  onMore,
}: Props) {
  const { icon: Icon, label } = KINDS[node.kind];
  const tabIndex = isTabStop ? 0 : -1;
  const more = (side: Side) =>
    hidden[side] > 0 && (
      <button
        type="button"
        className={`${classes.more} nopan`}
        data-side={side}
        tabIndex={tabIndex}
        aria-haspopup="dialog"
        aria-label={`${hidden[side]} more ${side}stream of ${node.name}`}
        onClick={(event: MouseEvent<HTMLElement>) => onMore(node.id, side, event.currentTarget)}
      >
        +{hidden[side]}
      </button>
    );
  return (
    <div
      className={classes.node}
      style={{ transform: `translate(${at.x}px, ${at.y}px)` }}
      data-node={node.id}
      data-kind={node.kind}
      data-tone={mark.tone}
      data-focus={isFocus || undefined}
      data-selected={isSelected || undefined}
      data-leaks={mark.leaks || undefined}
      data-change={mark.change ?? undefined}
      data-found={mark.found || undefined}
      data-retired={node.retired || undefined}
    >
      {more("up")}
      <button
        type="button"
        className={classes.main}
        tabIndex={tabIndex}
        aria-pressed={isSelected}
        aria-label={wordsOf(node, mark, label)}
        onClick={() => onSelect(node.id)}
      >
        <span className={classes.icon}>
          <Icon size={18} />
        </span>
        <span className={classes.text}>
          <span className={classes.kind}>
            {node.size > 1 ? `${node.size} nodes` : label}
            {node.detail && ` · ${node.detail}`}
          </span>
          <span className={classes.name} title={node.name}>
            {node.name}
          </span>
          <span className={classes.facts}>{factsOf(node).join(" · ")}</span>
        </span>
      </button>
      <Flags node={node} mark={mark} />
      {more("down")}
    </div>
  );
});

/** What is to be noticed, each with a sign and a word. */
function Flags({ node, mark }: { node: Node; mark: Mark }) {
  const flags = flagsOf(node, mark);
  if (flags.length === 0 && mark.variants === null) return null;
  return (
    <span className={classes.flags}>
      {mark.variants?.slice(0, 4).map((variant) => (
        <span
          key={variant}
          className={classes.variant}
          style={{ borderColor: `var(${VARIANT_COLOURS[variant % VARIANT_COLOURS.length]})` }}
        >
          {letterOf(variant)}
        </span>
      ))}
      {flags.map(({ word, tone }) => (
        <span key={word} className={classes.flag} data-tone={tone}>
          {word}
        </span>
      ))}
    </span>
  );
}

interface Flag {
  word: string;
  tone: "critical" | "warn" | "added" | "plain";
}

function flagsOf(node: Node, mark: Mark): Flag[] {
  const flags: Flag[] = [];
  if (mark.change) flags.push({ word: mark.change === "added" ? "+ added" : "− removed", tone: mark.change === "added" ? "added" : "critical" }); // prettier-ignore
  if (node.leak === "leak" || mark.leaks) flags.push({ word: "▲ leak", tone: "critical" });
  else if (node.drift === "critical" || node.drift === "warn")
    flags.push({ word: "▲ drift", tone: node.drift === "warn" ? "warn" : "critical" });
  if (node.retired && mark.change !== "removed") flags.push({ word: "retired", tone: "plain" });
  return flags;
}

function factsOf(node: Node): string[] {
  const serving = [...ENVIRONMENTS].reverse().find((environment) => node.environments.includes(environment));
  return [serving === "production" ? "prod" : (serving ?? ""), node.owner].filter((fact) => fact !== "");
}

function wordsOf(node: Node, mark: Mark, label: string): string {
  const words = [
    `${label} ${node.name}`,
    node.size > 1 ? `${node.size} nodes` : `reads ${node.upstream}, read by ${node.downstream}`,
    ...factsOf(node),
    ...flagsOf(node, mark).map(({ word }) => word.replace(/^\S /, "")),
    mark.variants && `variants ${mark.variants.map(letterOf).join(", ")}`,
    mark.found && "found",
  ];
  return words.filter(Boolean).join(", ");
}
