import { Text } from "@mantine/core";
import { DiffLines } from "@/components/definitions/diff-lines";
import type { FeatureEvidence } from "@/lib/contracts/change-evidence";
import { lineDiff } from "@/lib/domain/specs/line-diff";

/** The two declared documents, line by line. */
export function DefinitionDiffView({ definition }: { definition: FeatureEvidence["definition"] }) {
  const { before, after, changes } = definition;
  if (!before)
    return (
      <>
        <Text size="sm" mb="sm">
          The environment serves no version yet. Version {after.version} is written by <code>{after.writer}</code>:
        </Text>
        <DiffLines lines={lineDiff("", after.text)} />
      </>
    );
  const count = (kind: string) => changes.filter((change) => change.kind === kind).length;
  return (
    <>
      <Text size="sm" mb="sm">
        <code>{before.writer}</code> (version {before.version}) → <code>{after.writer}</code> (version {after.version}):{" "}
        {changes.length === 0
          ? "the definition is the same; what it reads differs, as the plan shows."
          : `${count("changed")} changed, ${count("added")} added, ${count("removed")} removed.`}
      </Text>
      <DiffLines lines={lineDiff(before.text, after.text)} />
    </>
  );
}
