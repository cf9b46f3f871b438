import { splitColumn } from "../definitions/column-type";
import type { StageDefinition } from "../definitions/stage";
import { checkInputTypes, checkStage } from "../operators/check-stage";
import { type Finding, missingParts, missingReference, type SpecIndex } from "./spec-index";

/** What is wrong with what a stage refers to. */
export function stageFindings(stage: StageDefinition, index: SpecIndex): Finding[] {
  return [
    ...missingReference(index, "Entity", stage.entity, ["entity"]),
    ...(stage.from === undefined ? [] : missingReference(index, "Entity", stage.from, ["from"])),
    ...outputFindings(stage),
    ...loopFindings(stage),
    ...viaFindings(stage, index),
    ...grainFindings(stage, index),
    ...fitFindings(stage, index),
  ];
}

/** Whether the stage is one that its operator can be. */
export function operatorFindings(stage: StageDefinition, index: SpecIndex): Finding[] {
  return [...checkStage(stage), ...checkInputTypes(stage, (column) => index.typeOf(column))];
}

/** Inputs that nobody writes make a stage that cannot run yet: worth saying, not worth refusing. */
export function stageWarnings(stage: StageDefinition, index: SpecIndex): Finding[] {
  return readsOf(stage).flatMap(({ column, path }) => {
    if (index.mayWrite(column)) return [];
    const near = index.nearestColumn(column);
    return [
      {
        path,
        message: `nothing writes \`${column}\`, so the stage cannot be planned.${near ? ` Did you mean \`${near}\`?` : ""}`,
        found: column,
      },
    ];
  });
}

function readsOf(stage: StageDefinition): { column: string; path: (string | number)[] }[] {
  return (["inputs", "fitInputs"] as const).flatMap((role) =>
    (stage[role] ?? []).map((column, index) => ({ column, path: [role, index] })),
  );
}

function outputFindings(stage: StageDefinition): Finding[] {
  return stage.outputs.flatMap(({ column }, index) =>
    splitColumn(column)[0] === stage.entity
      ? []
      : [
          {
            path: ["outputs", index, "column"],
            message: `\`${column}\` is not a column of ${stage.entity}, the entity that the stage writes.`,
            expected: `${stage.entity}.${splitColumn(column)[1]}`,
            found: column,
          },
        ],
  );
}

function loopFindings(stage: StageDefinition): Finding[] {
  const outputs = new Set(stage.outputs.map((output) => output.column));
  const inputs = new Set(stage.inputs);
  return readsOf(stage).flatMap(({ column, path }) => {
    if (outputs.has(column))
      return [
        {
          path,
          message: `\`${column}\` is read and written by the same stage. Write to a column of another name.`,
          expected: "a column that the stage does not write",
          found: column,
        },
      ];
    if (path[0] === "fitInputs" && inputs.has(column))
      return [
        {
          path,
          message: `\`${column}\` is an input already; inputs are there to fit with as well.`,
          expected: "a column that is not among the inputs",
          found: column,
        },
      ];
    return [];
  });
}

function viaFindings(stage: StageDefinition, index: SpecIndex): Finding[] {
  const grain = stage.from ?? stage.entity;
  const relations = index.get("Entity", grain)?.relations;
  if (!index.get("Entity", grain)) return [];
  return Object.entries(stage.via ?? {}).flatMap(([entity, name]) => {
    const leading = (relations ?? []).filter((relation) => relation.entity === entity);
    if (leading.some((relation) => relation.name === name)) return [];
    return [
      {
        path: ["via", entity],
        message: `${grain} has no relation \`${name}\` to ${entity}.`,
        expected: leading.length > 0 ? `one of ${leading.map((one) => one.name).join(", ")}` : "a declared relation",
        found: name,
      },
    ];
  });
}

/** A stage reads its own entity's columns, and others' through exactly one relation. */
function grainFindings(stage: StageDefinition, index: SpecIndex): Finding[] {
  const grain = stage.from ?? stage.entity;
  const entity = index.get("Entity", grain);
  if (!entity) return [];
  const seen = new Set<string>([grain]);
  return readsOf(stage).flatMap(({ column, path }) => {
    const other = splitColumn(column)[0];
    if (seen.has(other)) return [];
    seen.add(other);
    const relations = (entity.relations ?? []).filter((relation) => relation.entity === other);
    if (relations.length === 0)
      return [
        {
          path,
          message: `${grain} has no relation to ${other}, so the stage cannot read \`${column}\`. Declare the relation in the entity, or say \`from\` if the stage aggregates.`,
          expected: `a relation from ${grain} to ${other}`,
          found: column,
        },
      ];
    if (relations.length > 1 && stage.via?.[other] === undefined)
      return [
        {
          path,
          message: `several relations lead from ${grain} to ${other}. Say which with \`via: { ${other}: ${relations[0]?.name} }\`.`,
          expected: `via one of ${relations.map((relation) => relation.name).join(", ")}`,
          found: "no via",
        },
      ];
    return [];
  });
}

function fitFindings({ fit }: StageDefinition, index: SpecIndex): Finding[] {
  if (!fit || "rows" in fit) return [];
  return [
    ...missingReference(index, "SplitPolicy", fit.split, ["fit", "split"]),
    ...missingParts(index, fit.split, fit.parts, ["fit", "parts"]),
  ];
}
