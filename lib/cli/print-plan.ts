import type { SpecDifference, SpecPlan } from "@/lib/contracts/specs";
import type { Issue } from "@/lib/domain/errors";

export type Paint = (text: string, colour: keyof typeof CODES) => string;

const CODES = { green: 32, yellow: 33, red: 31, magenta: 35, dim: 2, bold: 1 } as const;

/** Colours for a terminal; nothing for a pipe, a file, or somebody who does not want any. */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const colours = NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY === true;
  return (text, colour) => (colours ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}

const MARKS = {
  create: ["+", "green", ""],
  change: ["~", "yellow", ""],
  replace: ["±", "magenta", "  new version"],
  retire: ["-", "red", "  retired"],
} as const;

/** A plan as text: one line for every object, its changed members below it. */
export function printPlan(plan: SpecPlan, paint: Paint): string {
  const { differences, counts, unlisted, warnings, newGroups } = plan;
  const lines = [`${paint(`Workspace ${plan.workspace}`, "bold")}${plan.newWorkspace ? " (new)" : ""}`, ""];
  for (const difference of differences) lines.push(...printDifference(difference, paint));
  if (differences.length > 0) lines.push("");
  if (newGroups.length > 0)
    lines.push(
      `${paint("note", "yellow")} Owners that are neither a group nor a person: ${newGroups.join(", ")}. ${plan.applied ? "Groups of these names were made" : "Applying makes groups of these names"}, without members.`,
    );
  for (const warning of warnings) lines.push(`${paint("warning", "yellow")} ${printIssue(warning)}`);
  const parts = (["create", "change", "replace", "retire"] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} ${plan.applied ? DONE[action] : `to ${action}`}`);
  const unchanged = `${counts.unchanged} unchanged`;
  lines.push(
    differences.length === 0
      ? `Nothing to do: ${unchanged}.`
      : `${plan.applied ? "Applied" : "Plan"}: ${[...parts, unchanged].join(", ")}.`,
  );
  if (unlisted.length > 0)
    lines.push(
      paint(
        `Not in these files: ${listOf(unlisted)}. ${unlisted.length === 1 ? "It is" : "They are"} left alone; --prune retires ${unlisted.length === 1 ? "it" : "them"}.`,
        "dim",
      ),
    );
  return lines.join("\n");
}

const DONE = { create: "created", change: "changed", replace: "replaced", retire: "retired" };

function printDifference(difference: SpecDifference, paint: Paint): string[] {
  const [mark, colour, note] = MARKS[difference.action];
  const lines = [`  ${paint(`${mark} ${difference.kind} ${difference.name}`, colour)}${paint(note, "dim")}`];
  for (const { path, kind, before, after } of difference.changes) {
    const was = kind === "added" ? "" : paint(short(before), "red");
    const is = kind === "removed" ? "" : paint(short(after), "green");
    lines.push(`      ${path}: ${kind === "changed" ? `${was} → ${is}` : kind === "added" ? `+ ${is}` : `- ${was}`}`);
  }
  if (difference.consequences.length > 0) lines.push(paint(`      read by: ${listOf(difference.consequences)}`, "dim"));
  return lines;
}

function listOf(objects: { kind: string; name: string }[]): string {
  const shown = objects.slice(0, 12).map(({ kind, name }) => `${kind} ${name}`);
  const more = objects.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}

/** `file:line: path: message (expected …, found …)`, as editors and CI jump to. */
export function printIssue({ file, line, path, message, expected, found }: Issue): string {
  const where = file === undefined ? "" : `${file}:${line}: `;
  const at = path.length === 0 ? "" : `${path.join(".")}: `;
  const details = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean);
  return `${where}${at}${message}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}
