import { DomainError } from "../errors";

/** Pins as people write them: a record, or a list of `column@stage`. */
export type PinInput = Readonly<Record<string, string>> | readonly string[];

/** Pins as the planner reads them: column to stage. Throws `invalid` (INVALID_PIN) when a list pins a column to two stages. */
export function toPins(pins: PinInput): Record<string, string> {
  if (!isList(pins)) return { ...pins };
  const stages = new Map<string, string>();
  for (const pin of pins) {
    const at = pin.indexOf("@");
    const [column, stage] = [pin.slice(0, at), pin.slice(at + 1)];
    if (at < 1 || stage === "")
      throw new DomainError(
        "invalid",
        `"${pin}" is not a pin. Write column@stage, such as airport.segment@airport_bands.`,
        {
          code: "INVALID_PIN",
        },
      );
    const other = stages.get(column);
    if (other !== undefined && other !== stage)
      throw new DomainError(
        "invalid",
        `Column "${column}" is pinned to stage "${other}" and to stage "${stage}". One stage writes it in a variant: remove one of the two.`,
        { code: "INVALID_PIN", column, stage },
      );
    stages.set(column, stage);
  }
  return Object.fromEntries(stages);
}

function isList(pins: PinInput): pins is readonly string[] {
  return Array.isArray(pins);
}
