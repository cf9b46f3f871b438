/** A Feast registry as spec documents. What cannot be taken is said by name; nothing is dropped in silence. Pure. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import type { FeatureServiceDefinition } from "@/lib/domain/definitions/feature-service";
import type { FeatureViewDefinition } from "@/lib/domain/definitions/feature-view";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { namesLeftOut } from "./feast-left-out";
import { FeastNames } from "./feast-names";
import { originOf } from "./feast-sources";
import { documentedOf, labelsOf, nameOf, secondsOf, typeOf, wordsOf } from "./feast-values";
import type { FeastDataSource, FeastEntity, FeastField, FeastService, FeastView, RegistryDump } from "./registry-dump";

export interface ConvertOptions {
  /** Name of the workspace; the project's when left out. */
  workspace?: string | undefined;
  /** Which project, where the dump holds several. */
  project?: string | undefined;
  /** Connection to the database of Feast's Postgres offline store. */
  connection?: string | undefined;
}

export interface ConvertedRegistry {
  definitions: Definition[];
  /** What is called or read in another way than in Feast, in sentences. */
  changed: string[];
  /** What was not taken, and why, in sentences. */
  leftOut: string[];
}

/** A join key of a view: what its rows call it, and what it is called here. */
interface JoinKey {
  from: string;
  name: string;
  type: ColumnType;
}

/** Of views without an entity. */
const DUMMY = "__dummy";

/** Throws `invalid` when the dump holds several projects and none is chosen. */
export function convertRegistry(dump: RegistryDump, options: ConvertOptions = {}): ConvertedRegistry {
  const project = projectOf(dump, options.project);
  const conversion = new Conversion(dump, project, options.connection);
  const name = options.workspace ?? nameOf(project, "feast");
  if (options.workspace === undefined && name !== project)
    conversion.changed.push(`Project ${project} is workspace ${name}.`);
  return {
    definitions: [{ kind: "Workspace", name }, ...conversion.definitions()],
    changed: conversion.changed,
    leftOut: conversion.leftOut,
  };
}

function projectOf(dump: RegistryDump, chosen: string | undefined): string {
  const specs = [...dump.entities, ...dump.featureViews, ...dump.featureServices].map(({ spec }) => spec.project);
  const projects = [...new Set([...(dump.project === undefined ? [] : [dump.project]), ...specs])].filter(Boolean).sort(); // prettier-ignore
  if (chosen !== undefined) {
    if (projects.length === 0 || projects.includes(chosen)) return chosen;
    throw new DomainError("not_found", `The dump has no project ${chosen}; it has ${projects.join(", ")}.`);
  }
  const [only = "feast", ...others] = projects;
  if (others.length > 0)
    throw new DomainError(
      "invalid",
      `The dump holds several projects: ${projects.join(", ")}. Name one with --project.`,
    );
  return only;
}

class Conversion {
  readonly changed: string[] = [];
  readonly leftOut: string[] = [];
  private readonly entities = new Map<string, EntityDefinition>();
  private readonly sources = new Map<string, SourceDefinition>();
  private readonly features = new Map<string, FeatureDefinition>();
  private readonly views: FeatureViewDefinition[] = [];
  private readonly services: FeatureServiceDefinition[] = [];
  /** Entities of Feast that views of one entity brought. */
  private readonly taken = new Set<string>();
  private readonly names = new FeastNames();
  /** Feast's view → its feature → the column that it is. */
  private readonly columnsOf = new Map<string, Map<string, string>>();

  constructor(
    private readonly dump: RegistryDump,
    private readonly project: string,
    private readonly connection: string | undefined,
  ) {
    const views = dump.featureViews.map(({ spec }) => spec).filter((view) => this.isOurs(view));
    for (const view of views) this.takeView(view);
    this.takeEntitiesWithoutViews();
    for (const { spec } of dump.featureServices) if (this.isOurs(spec)) this.takeService(spec);
    this.changed.unshift(...this.names.changed);
    this.leftOut.push(...namesLeftOut(dump, views, (project) => this.isOurs({ project })));
  }

  definitions(): Definition[] {
    return [
      ...this.entities.values(),
      ...this.sources.values(),
      ...this.features.values(),
      ...this.views,
      ...this.services,
    ];
  }

  private isOurs({ project }: { project: string }): boolean {
    return project === "" || project === this.project;
  }

  private entityNamed(name: string): FeastEntity | undefined {
    return this.dump.entities.map(({ spec }) => spec).find((one) => one.name === name && this.isOurs(one));
  }

  private takeView(view: FeastView): void {
    const refuse = (why: string) => void this.leftOut.push(`Feature view ${view.name}: ${why}.`);
    if (view.entities.length === 0 || view.entities.includes(DUMMY))
      return refuse("it has no entity, and values are served by an entity's keys");
    if (view.featureTransformation !== undefined || view.sourceViews.length > 0)
      return refuse("its features are computed by code; write a stage that computes them");
    if (!view.batchSource) return refuse("it has no batch source");
    const origin = originOf(view.batchSource, this.connection);
    if ("refusal" in origin) return refuse(`${origin.refusal} (data source ${view.batchSource.name})`);
    const keys = this.keysOf(view);
    if (typeof keys === "string") return refuse(keys);
    const entity = this.takeEntity(view, keys, view.batchSource.timestampField);
    const source = this.takeSource(view.batchSource, origin, entity, keys);
    const columns = new Map<string, string>();
    for (const field of view.features) {
      const column = this.takeFeature(view, view.batchSource, source, field);
      if (column !== null) columns.set(field.name, column);
    }
    if (columns.size === 0) return refuse("no feature of it could be taken");
    this.columnsOf.set(view.name, columns);
    if (view.streamSource) this.leftOut.push(`Stream or push source ${view.streamSource.name} of feature view ${view.name}: values come from its batch source alone.`); // prettier-ignore
    if (view.disabled) this.changed.push(`Feature view ${view.name} is disabled in Feast: it is not online.`);
    this.views.push({
      kind: "FeatureView",
      name: this.names.of("Feature view", view.name),
      entity: entity.name,
      features: [...columns.values()].map((column) => `${entity.name}.${column}`),
      ttlSeconds: this.ttlOf(view),
      online: view.online && !view.disabled,
      ...documentedOf(view),
      ...tagged(view.tags),
    });
  }

  private ttlOf({ name, ttl }: FeastView): number {
    const seconds = secondsOf(ttl);
    if (seconds === null)
      this.leftOut.push(`The ttl ${ttl} of feature view ${name}: it is no duration, so there is no limit.`); // prettier-ignore
    else if (`${seconds}s` !== ttl) this.changed.push(`The ttl ${ttl} of feature view ${name} is ${seconds} seconds.`);
    return seconds ?? 0;
  }

  /** Join keys of a view in the order of its entities, or why there are none. */
  private keysOf(view: FeastView): JoinKey[] | string {
    const keys: JoinKey[] = [];
    for (const name of view.entities) {
      const entity = this.entityNamed(name);
      if (!entity) return `its entity ${name} is not in the dump`;
      const from = entity.joinKey || entity.name;
      const column = view.entityColumns.find((one) => one.name === from);
      const found = typeOf(column?.valueType ?? entity.valueType);
      if ("unknown" in found) return `the join key ${from} has ${found.unknown} that can be one`;
      keys.push({ from, name: nameOf(from, "key"), type: found.type });
    }
    const twice = keys.find(({ name }, at) => keys.findIndex((one) => one.name === name) !== at);
    if (twice) return `its entities have one join key, ${twice.name}`;
    const known = this.entities.get(this.names.entity(view.entities))?.joinKeys;
    const other = known?.find(({ type }, at) => type !== keys[at]?.type);
    if (other) return `the join key ${other.name} has another type in another view`;
    return keys;
  }

  /** The entity of a view: Feast's own, or one with the keys of several. */
  private takeEntity(view: FeastView, keys: readonly JoinKey[], timestamp: string): EntityDefinition {
    const name = this.names.entity(view.entities);
    const known = this.entities.get(name);
    if (known) {
      this.giveEventTime(known, timestamp);
      return known;
    }
    const [first, ...others] = view.entities;
    if (others.length > 0) this.changed.push(`Feature view ${view.name} is by ${view.entities.join(" and ")}: their keys are those of entity ${name}.`); // prettier-ignore
    const feast = others.length === 0 ? this.entityNamed(first as string) : undefined;
    if (feast) this.taken.add(feast.name);
    const entity: EntityDefinition = {
      kind: "Entity",
      name,
      joinKeys: keys.map(({ name, type }) => ({ name, type })),
      ...(feast && documentedOf(feast)),
      ...(feast && tagged(feast.tags)),
    };
    this.entities.set(name, entity);
    for (const key of entity.joinKeys) this.names.claim(name, key.name, "key", "key");
    this.giveEventTime(entity, timestamp);
    return entity;
  }

  /** An entity's event time is called as the timestamp field of its first view with one, unless that is another column of it. */
  private giveEventTime(entity: EntityDefinition, timestamp: string): void {
    if (timestamp === "" || entity.eventTime !== undefined) return;
    entity.eventTime = this.names.claim(entity.name, nameOf(timestamp, "event_time"), "time", "event");
  }

  /** One source for each data source and entity, with the columns of all its views. */
  private takeSource(
    feast: FeastDataSource,
    origin: Pick<SourceDefinition, "format" | "location">,
    entity: EntityDefinition,
    keys: readonly JoinKey[],
  ): SourceDefinition {
    const id = `${feast.name} ${entity.name}`;
    const known = this.sources.get(id);
    if (known) return known;
    const name = this.names.of("Source", id, feast.name || (origin.location ?? "source"));
    if (name !== feast.name) this.changed.push(`Data source ${feast.name || "without a name"} of entity ${entity.name} is source ${name}.`); // prettier-ignore
    if (feast.datePartitionColumn !== "") this.leftOut.push(`The date partition column ${feast.datePartitionColumn} of data source ${feast.name}: all of its files are read.`); // prettier-ignore
    const source: SourceDefinition = { kind: "Source", name, entity: entity.name, ...origin, columns: [], rowKey: [], ...documentedOf(feast), ...labelsOf(feast.tags) }; // prettier-ignore
    this.sources.set(id, source);
    for (const { name, type, from } of keys) source.columns.push({ name, type, ...(from !== name && { from }) });
    source.rowKey.push(...entity.joinKeys.map((key) => key.name));
    if (feast.timestampField !== "" && entity.eventTime !== undefined) {
      const from = feast.timestampField;
      source.columns.push({ name: entity.eventTime, type: "timestamp", ...(from !== entity.eventTime && { from }) });
      source.rowKey.push(entity.eventTime);
      source.timeColumn = entity.eventTime;
    } else if (feast.timestampField === "")
      this.changed.push(`Data source ${feast.name} names no timestamp field: its rows are valid at all times.`);
    if (feast.createdTimestampColumn !== "") {
      const from = feast.createdTimestampColumn;
      const column = this.names.claim(entity.name, nameOf(from, "created"), `${name} ${from}`, name);
      source.columns.push({ name: column, type: "timestamp", ...(column !== from && { from }) });
      source.createdColumn = column;
    }
    return source;
  }

  /** The bare column of a feature; null for one that cannot be taken. */
  private takeFeature(
    view: FeastView,
    data: FeastDataSource,
    source: SourceDefinition,
    field: FeastField,
  ): string | null {
    const found = typeOf(field.valueType);
    if ("unknown" in found) {
      this.leftOut.push(`Feature ${view.name}:${field.name}: it has ${found.unknown}, which no column has here.`);
      return null;
    }
    const { type } = found;
    const from = Object.entries(data.fieldMapping).find(([, feature]) => feature === field.name)?.[0] ?? field.name;
    const prefix = this.names.of("Feature view", view.name);
    const column = this.names.claim(
      source.entity,
      nameOf(field.name, "feature"),
      `${source.name} ${from} ${type}`,
      prefix,
    );
    if (column !== field.name) this.changed.push(`Feature ${view.name}:${field.name} is ${prefix}:${column}${column === nameOf(field.name, "feature") ? "" : `, because ${source.entity}.${nameOf(field.name, "feature")} is another view's`}.`); // prettier-ignore
    if (!source.columns.some((one) => one.name === column))
      source.columns.push({ name: column, type, ...(from !== column && { from }) });
    const name = `${source.entity}.${column}`;
    const labels = labelsOf(field.tags);
    if (!this.features.has(name) && (field.description !== "" || view.owner !== "" || Object.keys(labels).length > 0))
      this.features.set(name, {
        kind: "Feature",
        name,
        type,
        ...documentedOf({ description: field.description, owner: view.owner }),
        ...labels,
      });
    return column;
  }

  private takeEntitiesWithoutViews(): void {
    for (const { spec } of this.dump.entities) {
      if (!this.isOurs(spec) || spec.name === DUMMY) continue;
      if (this.taken.has(spec.name)) continue;
      const from = spec.joinKey || spec.name;
      const found = typeOf(spec.valueType);
      if ("unknown" in found) {
        this.leftOut.push(`Entity ${spec.name}: its join key ${from} has ${found.unknown}, and no view that was taken tells it.`); // prettier-ignore
        continue;
      }
      const name = this.names.of("Entity", spec.name);
      const joinKeys = [{ name: nameOf(from, "key"), type: found.type }];
      this.entities.set(name, { kind: "Entity", name, joinKeys, ...documentedOf(spec), ...tagged(spec.tags) });
    }
  }

  /** A service is taken whole or not: a model that reads other features is another model. */
  private takeService(service: FeastService): void {
    const missing: string[] = [];
    const features: string[] = [];
    for (const { featureViewName: view, featureViewNameAlias: alias, featureColumns, joinKeyMap } of service.features) {
      if (Object.keys(joinKeyMap).length > 0) missing.push(`${view} with other join keys`);
      if (alias !== "" && alias !== view) this.changed.push(`Feature service ${service.name} calls feature view ${view} ${alias}: here it has its own name.`); // prettier-ignore
      for (const { name } of featureColumns) {
        const column = this.columnsOf.get(view)?.get(name);
        if (column === undefined) missing.push(`${view}:${name}`);
        else features.push(`${this.names.of("Feature view", view)}:${column}`);
      }
    }
    if (missing.length > 0 || features.length === 0) {
      this.leftOut.push(`Feature service ${service.name}: ${missing.length === 0 ? "it has no features" : `it reads ${missing.join(", ")}, which ${missing.length === 1 ? "was" : "were"} not taken`}.`); // prettier-ignore
      return;
    }
    this.services.push({
      kind: "FeatureService",
      name: this.names.of("Feature service", service.name),
      features: [...new Set(features)],
      ...documentedOf(service),
      ...tagged(service.tags),
    });
  }
}

function tagged(tags: Record<string, string>): { tags?: string[] } {
  const words = wordsOf(tags);
  return words.length > 0 ? { tags: words } : {};
}
