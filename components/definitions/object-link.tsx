import { Anchor } from "@mantine/core";
import Link from "next/link";
import type { ObjectKind } from "@/lib/contracts/definitions";

/** What a kind of object is called, and where its pages are. */
const KINDS: Record<ObjectKind, { noun: string; path: string }> = {
  Workspace: { noun: "workspace", path: "/workspaces/" },
  Entity: { noun: "entity", path: "/entities/" },
  Source: { noun: "source", path: "/datasets/" },
  Stage: { noun: "stage", path: "/stages/" },
  Feature: { noun: "feature", path: "/features/" },
  FeatureView: { noun: "feature view", path: "/views/" },
  FeatureService: { noun: "feature service", path: "/services/" },
  SplitPolicy: { noun: "split policy", path: "/split-policies/" },
  Pipeline: { noun: "pipeline", path: "/pipelines/" },
  Monitor: { noun: "monitor", path: "/monitors/" },
  Model: { noun: "model", path: "/models/" },
  Deployment: { noun: "deployment", path: "/deployments/" },
  AbTest: { noun: "A/B test", path: "/deployments/ab-tests/" },
};

export function nounOf(kind: ObjectKind): string {
  return KINDS[kind].noun;
}

/** The name of an object as the way to its page, inside a text. */
export function ObjectLink({ kind, name }: { kind: ObjectKind; name: string }) {
  return (
    <Anchor component={Link} href={KINDS[kind].path + encodeURIComponent(name)} inherit underline="always">
      {name}
    </Anchor>
  );
}
