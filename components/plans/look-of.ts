import type { PlanInstance } from "@/lib/contracts/plan-graph";
import type { PlanPreview } from "@/lib/contracts/plans";
import type { NodeFlag, NodeLook, NodeSign } from "./node-look";
import { toNodeText } from "./node-text";
import type { PlanGraph } from "./plan-graph";
import type { ListedVariant, ReadPlan } from "./read-plan";

/** More letters than these do not fit a node. */
const MOST_LETTERS = 4;

/** How every node of the graph is drawn. `pins` are the choices made so far, column to stage. */
export function looksOf(
  graph: PlanGraph,
  preview: PlanPreview,
  plan: ReadPlan,
  chosen: ListedVariant | undefined,
  pins: Readonly<Record<string, string>>,
): Map<string, NodeLook> {
  const instances = new Map(plan.instances.map((instance) => [instance.key, instance]));
  const atFault = new Set(chosen?.details.verdict?.verdict === "leak" ? chosen.details.verdict.estimators : []);
  const cannotRun = new Map(preview.unsupported?.map(({ stage, reason }) => [stage, reason]));
  const looks = new Map<string, NodeLook>();
  for (const node of graph.nodes.values()) {
    const instance = instances.get(node.id);
    if (!instance) {
      looks.set(node.id, sourceLook(node.id, node.name, preview));
      continue;
    }
    const flags = flagsOf(instance, atFault.has(node.id), cannotRun.get(instance.stage));
    const signs = signsOf(instance);
    const letters = lettersOf(node.variants, plan.variants);
    const forked = instance.outputs.find(({ column, physical }) => column !== physical);
    looks.set(node.id, {
      id: node.id,
      kind: instance.kind,
      text: toNodeText(instance.stage, instance.operator ?? instance.kind, forked?.physical ?? null, signs.length),
      label: [
        `${instance.kind} ${instance.stage}`,
        instance.operator,
        `writes ${instance.outputs.map(({ physical }) => physical).join(", ")}`,
        letters && `only in ${letters.length > 1 ? "variants" : "variant"} ${letters}`,
        ...signs.map(({ means }) => means),
        ...flags.map(({ means }) => means),
      ]
        .filter(Boolean)
        .join("; "),
      signs,
      flags,
      letters,
      pin: pinOf(instance, plan.open, pins),
    });
  }
  return looks;
}

function sourceLook(id: string, name: string, { graph }: PlanPreview): NodeLook {
  const source = graph?.sources.find((one) => one.name === name);
  const columns = source?.columns.length ?? 0;
  const detail = [`${columns} ${columns === 1 ? "column" : "columns"}`, source?.version && `v${source.version}`];
  const flags: NodeFlag[] = source?.draft ? [{ text: "draft", tone: "draft", means: "not registered yet" }] : [];
  return {
    id,
    kind: "source",
    text: toNodeText(name, detail.filter(Boolean).join(" · "), null),
    label: `source ${name}; ${source?.columns.join(", ") ?? ""}${flags.length > 0 ? "; not registered yet" : ""}`,
    signs: [],
    flags,
    letters: "",
    pin: null,
  };
}

function signsOf({ reuse }: PlanInstance): NodeSign[] {
  if (reuse?.kind === "fitted") return [{ sign: "✓", means: `already fitted by run ${reuse.run.number}` }];
  if (reuse?.kind === "materialised") return [{ sign: "▣", means: `already computed by run ${reuse.run.number}` }];
  return [];
}

function flagsOf({ draft }: PlanInstance, leaks: boolean, reason: string | undefined): NodeFlag[] {
  return [
    ...(reason !== undefined ? [{ text: "cannot run", tone: "wrong" as const, means: `cannot run: ${reason}` }] : []),
    ...(leaks ? [{ text: "▲ leak", tone: "leak" as const, means: "its fit has seen the test rows" }] : []),
    ...(draft ? [{ text: "draft", tone: "draft" as const, means: "not registered yet" }] : []),
  ];
}

/** Letters of the variants that contain the node; empty where that is all of them, or more than can be shown. */
function lettersOf(containing: readonly number[], variants: readonly ListedVariant[]): string {
  if (containing.length === variants.length || containing.length > MOST_LETTERS) return "";
  return variants
    .filter(({ index }) => containing.includes(index))
    .map(({ letter }) => letter)
    .join(variants.length > 26 ? " " : "");
}

function pinOf(
  { stage, outputs }: PlanInstance,
  open: ReadonlySet<string>,
  pins: Readonly<Record<string, string>>,
): NodeLook["pin"] {
  const column = outputs.find((output) => pins[output.column] === stage || open.has(output.column))?.column;
  return column === undefined ? null : { column, stage, isPinned: pins[column] === stage };
}
