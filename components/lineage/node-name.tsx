import { Anchor } from "@mantine/core";
import Link from "next/link";
import type { LineageKind } from "@/lib/domain/lineage/graph";
import { KINDS } from "./node-kinds";

/** A node's name as a link to its own page, where it has one. */
export function NodeName({ node }: { node: { kind: LineageKind | "group"; name: string; retired?: boolean } }) {
  const href = node.retired ? undefined : KINDS[node.kind].href?.(node.name);
  if (!href) return <>{node.name}</>;
  return (
    <Anchor component={Link} href={href} fz="inherit">
      {node.name}
    </Anchor>
  );
}
