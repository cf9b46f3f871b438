import { type ColumnType, splitColumn } from "../definitions/column-type";
import type { EntityDefinition } from "../definitions/entity";
import { operatorName } from "../operators/operator-table";
import type { Instance } from "./instances";
import { nameOf, relationOf, typeIn } from "./scoring-chain";
import { stageOf, type VariantWorld } from "./variant-world";

/**
 * The columns that a stage's rows are given in, in the order of the components that it reads: a vector that an assembler put together
 * of the entity's own columns is given as these, because people and programs have columns and no vectors. Own columns go by their bare
 * name, others by `relation.column`.
 */
export function modelColumns(
  world: Pick<VariantWorld, "catalogue" | "stages" | "instances" | "writers">,
  entity: EntityDefinition,
  instance: Instance,
): { name: string; type: ColumnType }[] {
  const { definition } = stageOf(world, instance);
  return definition.inputs.flatMap((column) => {
    const from = instance.inputs[column];
    const writer = from && "instance" in from ? world.instances.get(from.instance) : undefined;
    const isOwn = splitColumn(column)[0] === entity.name;
    if (isOwn && writer && operatorName(stageOf(world, writer).definition) === "VectorAssembler")
      return modelColumns(world, entity, writer);
    const relation = relationOf(entity, column, definition);
    return [{ name: nameOf(column, relation).name, type: typeIn(world, entity, column) }];
  });
}
