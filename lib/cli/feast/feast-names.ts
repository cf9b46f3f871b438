import { nameOf } from "./feast-values";

/** Kinds of objects that have names, with what a name begins with that has no letter. */
const PREFIX = { Entity: "entity", Source: "source", "Feature view": "view", "Feature service": "service" } as const;
type Kind = keyof typeof PREFIX;

/** What objects and columns of Feast are called here: every name once, whatever two names have in common. */
export class FeastNames {
  /** Kind → id in Feast → name here. */
  private readonly names = new Map<Kind, Map<string, string>>();
  /** `entity.column` → what it is read from. */
  private readonly readFrom = new Map<string, string>();
  /** Names that are other ones here, in sentences. */
  readonly changed: string[] = [];

  /**
   * An object's name here, always the same.
   * @param text what its name is made of, where that is not its id
   */
  of(kind: Kind, id: string, text?: string): string {
    const known = this.names.get(kind)?.get(id);
    if (known !== undefined) return known;
    const name = this.take(kind, id, nameOf(text ?? id, PREFIX[kind]));
    if (text === undefined && name !== id) this.changed.push(`${kind} ${id} is called ${name}.`);
    return name;
  }

  /** The name of an entity, or of one with the keys of several. */
  entity(entities: readonly string[]): string {
    const [first = "", ...others] = entities;
    if (others.length === 0) return this.of("Entity", first);
    const id = entities.join(" + ");
    return this.names.get("Entity")?.get(id) ?? this.take("Entity", id, entities.map((one) => nameOf(one, "entity")).join("_")); // prettier-ignore
  }

  private take(kind: Kind, id: string, plain: string): string {
    const names = this.names.get(kind) ?? new Map<string, string>();
    this.names.set(kind, names);
    const taken = new Set(names.values());
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}_${n}`;
    names.set(id, name);
    return name;
  }

  /** The column of an entity that holds what `origin` says; another name where that one holds something else. */
  claim(entity: string, wanted: string, origin: string, prefix: string): string {
    let name = wanted;
    while ((this.readFrom.get(`${entity}.${name}`) ?? origin) !== origin) name = `${prefix}_${name}`;
    this.readFrom.set(`${entity}.${name}`, origin);
    return name;
  }
}
