import { Code, Stack, Text } from "@mantine/core";
import type { Run } from "@/lib/contracts/runs";
import { bytesInWords } from "./figures";

/** What a run ran in and drew by: code, packages, engine, machine, seeds. */
export function RunRecord({ run: { environment, seeds } }: { run: Run }) {
  if (!environment) return null;
  const { tributary, commit, dirty, lockfile, engine, node, platform, processors, memoryBytes, threads, engineMemory } =
    environment;
  const machine = [platform, processors !== null && `${processors} processors`, memoryBytes !== null && bytesInWords(memoryBytes)]; // prettier-ignore
  const facts: [string, React.ReactNode][] = [
    ["Tributary", tributary],
    ["Code commit", commit && <Digest text={commit} after={dirty ? "with uncommitted changes" : dirty === false ? "" : "changes not recorded"} />], // prettier-ignore
    ["Lockfile", lockfile && <Digest text={lockfile} />],
    ["Engine", engine && [engine, threads !== null && `${threads} threads`, engineMemory].filter(Boolean).join(", ")],
    ["Node.js", node],
    ["Machine", machine.filter(Boolean).join(", ")],
    ["Seeds", seeds && (seeds.length > 0 ? seeds.map(({ of, seed }) => `${of}: ${seed}`).join(", ") : "nothing drew by one")], // prettier-ignore
  ];
  return (
    <Stack gap={4}>
      {facts.map(([name, value]) => (
        <Text key={name} size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          {name}:{" "}
          {value || (
            <Text span c="dimmed">
              not recorded
            </Text>
          )}
        </Text>
      ))}
    </Stack>
  );
}

function Digest({ text, after = "" }: { text: string; after?: string }) {
  return (
    <>
      <Code title={text}>{text.slice(0, 12)}</Code> {after}
    </>
  );
}
