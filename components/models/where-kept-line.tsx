import { Code, Text } from "@mantine/core";
import type { WhereKept } from "@/lib/contracts/models";

/** Which engine fitted it, where what it learned is, and by which code in which environment. */
export function WhereKeptLine({ where }: { where: WhereKept }) {
  const digests = [
    ["code", where.codeDigest],
    ["environment", where.environmentDigest],
  ].flatMap(([what, digest]) => (digest ? [`${what} ${digest.slice(0, 12)}`] : []));
  return (
    <Text size="sm" c="dimmed" mb="sm" component="div" style={{ overflowWrap: "anywhere" }}>
      Where it is: <Code>{where.uri}</Code>, {where.format} of engine {where.engine}
      {where.externalId && <>, known there as {where.externalId}</>}
      {" · "}
      {digests.length > 0 ? digests.join(", ") : "code and environment were not recorded"}
    </Text>
  );
}
