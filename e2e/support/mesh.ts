export interface Mesh {
  workspace: string;
  /** Id of the node in the middle, from which everything is within six steps. */
  focus: string;
  nodes: number;
  edges: number;
}

interface Stage {
  name: string;
  inputs: string[];
  outputs: string[];
}

const OUTPUTS = 4;
const COLUMNS = 20;

/**
 * A mesh of stages and features in four layers around one column: `width` stages in each layer, each with four outputs that are
 * all read, and readers that also look across. 100 gives 2,022 nodes.
 */
function meshOf(workspace: string, width: number): { mesh: Mesh; documents: Record<string, unknown>[] } {
  const columns = Array.from({ length: COLUMNS }, (_, at) => `item.c${at}`);
  const stage = (name: string, inputs: string[]): Stage => ({
    name,
    inputs: [...new Set(inputs)],
    outputs: Array.from({ length: OUTPUTS }, (_, at) => `item.${name}_${at}`),
  });
  const layer = (name: string, inputsOf: (at: number) => string[]) =>
    Array.from({ length: width }, (_, at) => stage(`${name}${at}`, inputsOf(at)));
  const at = <Item>(items: Item[], index: number) => items[index % items.length] as Item;
  const first = layer("first", (index) => [at(columns, index), at(columns, index * 7 + 3)]);
  const second = layer("second", (index) => [...at(first, index).outputs, at(at(first, index + 1).outputs, index)]);
  const hub = { name: "hub", inputs: second.flatMap(({ outputs }) => outputs), outputs: ["item.middle"] };
  const third = layer("third", () => hub.outputs);
  const fourth = layer("fourth", (index) => [...at(third, index).outputs, at(at(third, index + 5).outputs, index)]);
  const stages = [...first, ...second, hub, ...third, ...fourth];
  const produced = stages.flatMap(({ outputs }) => outputs);
  const read = new Set(stages.flatMap(({ inputs }) => inputs));
  const used = columns.filter((column) => read.has(column));
  const documents = [
    { kind: "Workspace", name: workspace, title: `A mesh of ${width} stages in a layer` },
    { kind: "Entity", name: "item", joinKeys: [{ name: "id", type: "bigint" }] },
    {
      kind: "Source",
      name: "items",
      entity: "item",
      format: "csv",
      location: "items.csv",
      rowKey: ["id"],
      columns: [{ name: "id", type: "bigint" }, ...used.map((column) => ({ name: column.slice(5), type: "double" }))],
    },
    ...stages.map(({ name, inputs, outputs }) => ({
      kind: "Stage",
      name,
      entity: "item",
      transformer: "sql",
      owner: "mesh",
      inputs,
      outputs: outputs.map((column) => ({ column, type: "double" })),
      params: {
        statement: `SELECT *, ${outputs.map((column, index) => `${at(inputs, index).slice(5)} + ${index} AS ${column.slice(5)}`).join(", ")} FROM __THIS__`,
      },
    })),
  ];
  // All that is within six steps of the middle: it, the stages, their outputs, the columns that are read.
  const nodes = stages.length + produced.length + used.length;
  const edges = stages.reduce((sum, { inputs, outputs }) => sum + inputs.length + outputs.length, 0);
  return { mesh: { workspace, focus: "feature:item.middle", nodes, edges }, documents };
}

/** Makes the mesh through the public API. Answers how long applying it took, in milliseconds. */
export async function applyMesh(portal: { url: string; token: string }, workspace: string, width: number) {
  const { mesh, documents } = meshOf(workspace, width);
  const began = performance.now();
  const answer = await fetch(`${portal.url}/api/v1/specs/apply`, {
    method: "POST",
    headers: { authorization: `Bearer ${portal.token}`, "content-type": "application/json" },
    body: JSON.stringify({ workspace, documents }),
  });
  if (!answer.ok) throw new Error(`The mesh was not applied: ${answer.status} ${(await answer.text()).slice(0, 400)}`);
  return { mesh, appliedMs: performance.now() - began };
}
