import type { ArmDraft } from "./arm-fields";

interface Known {
  deployments: { name: string; outputs: string[] }[];
  parts: Record<string, [number, number][]>;
}

/** What the server would refuse anyway, at its field, before it is asked: path → sentence. */
export function checkDraft(arms: readonly ArmDraft[], { deployments, parts }: Known): Map<string, string> {
  const issues = new Map<string, string>();
  const outputsOf = (arm: ArmDraft | undefined) =>
    deployments.find(({ name }) => name === arm?.deployment)?.outputs ?? null;
  const first = outputsOf(arms[0]);
  arms.forEach((arm, index) => {
    const before = arms.slice(0, index);
    if (arm.name && before.some(({ name }) => name === arm.name))
      issues.set(`arms.${index}.name`, `Two arms are called ${arm.name}.`);
    if (arm.deployment && before.some(({ deployment }) => deployment === arm.deployment))
      issues.set(`arms.${index}.deployment`, "It is already an arm.");
    const outputs = outputsOf(arm);
    if (first && outputs && !outputs.some((column) => first.includes(column)))
      issues.set(
        `arms.${index}.deployment`,
        `It predicts ${outputs.join(", ")}, the first arm ${first.join(", ")}. Compare variants of one output.`,
      );
    const ranges = (names: readonly string[]) => names.flatMap((name) => parts[name] ?? []);
    const other = before.find(({ parts: taken }) =>
      ranges(taken).some(([from, to]) => ranges(arm.parts).some(([low, high]) => low < to && from < high)),
    );
    if (other) issues.set(`arms.${index}.parts`, `These rows already belong to ${other.name || "another arm"}.`);
  });
  return issues;
}
