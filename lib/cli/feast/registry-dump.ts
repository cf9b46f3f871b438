/**
 * What `feast registry-dump` prints: protobuf messages of Feast's registry as JSON (`MessageToDict`), so that a member with its default value is
 * left out, and an enum is its name, or its number in older versions. Names of messages are those of feast-dev/feast, protos/feast/core.
 */
import { z } from "zod";
import { DomainError } from "@/lib/domain/errors";

const Tags = z.record(z.string(), z.string()).default({});
const Texts = z.record(z.string(), z.string()).default({});
const Enum = z.union([z.string(), z.number()]);

/** FeatureSpecV2: a feature, or an entity's column in a view. */
const Field = z.looseObject({
  name: z.string(),
  valueType: Enum.optional(),
  description: z.string().default(""),
  tags: Tags,
});
export type FeastField = z.output<typeof Field>;

const DataSource = z.looseObject({
  name: z.string().default(""),
  type: Enum.optional(),
  description: z.string().default(""),
  owner: z.string().default(""),
  tags: Tags,
  fieldMapping: Texts,
  timestampField: z.string().default(""),
  createdTimestampColumn: z.string().default(""),
  datePartitionColumn: z.string().default(""),
  dataSourceClassType: z.string().default(""),
  fileOptions: z
    .looseObject({ uri: z.string().default(""), fileFormat: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
  customOptions: z.looseObject({ configuration: z.string().default("") }).optional(),
});
export type FeastDataSource = z.output<typeof DataSource>;

const Documented = { description: z.string().default(""), owner: z.string().default(""), tags: Tags };
const Project = { project: z.string().default("") };

const Entity = z.looseObject({
  spec: z.looseObject({
    name: z.string(),
    ...Project,
    ...Documented,
    valueType: Enum.optional(),
    joinKey: z.string().default(""),
  }),
});
export type FeastEntity = z.output<typeof Entity>["spec"];

const FeatureView = z.looseObject({
  spec: z.looseObject({
    name: z.string(),
    ...Project,
    ...Documented,
    entities: z.array(z.string()).default([]),
    features: z.array(Field).default([]),
    entityColumns: z.array(Field).default([]),
    ttl: z.string().default("0s"),
    batchSource: DataSource.optional(),
    streamSource: DataSource.optional(),
    online: z.boolean().default(false),
    disabled: z.boolean().default(false),
    featureTransformation: z.unknown().optional(),
    sourceViews: z.array(z.unknown()).default([]),
  }),
});
export type FeastView = z.output<typeof FeatureView>["spec"];

const FeatureService = z.looseObject({
  spec: z.looseObject({
    name: z.string(),
    ...Project,
    ...Documented,
    features: z
      .array(
        z.looseObject({
          featureViewName: z.string(),
          featureViewNameAlias: z.string().default(""),
          featureColumns: z.array(Field).default([]),
          joinKeyMap: Texts,
        }),
      )
      .default([]),
  }),
});
export type FeastService = z.output<typeof FeatureService>["spec"];

/** An object of a kind that is only named. */
const Named = z.looseObject({ name: z.string().optional(), spec: z.looseObject({ name: z.string().optional(), project: z.string().optional() }).optional() }); // prettier-ignore
const list = <Item extends z.ZodType>(item: Item) => z.array(item).default([]);

const RegistryDump = z.looseObject({
  project: z.string().optional(),
  dataSources: list(DataSource),
  entities: list(Entity),
  featureViews: list(FeatureView),
  featureServices: list(FeatureService),
  onDemandFeatureViews: list(Named),
  streamFeatureViews: list(Named),
  labelViews: list(Named),
  savedDatasets: list(Named),
  permissions: list(Named),
});
export type RegistryDump = z.output<typeof RegistryDump>;

/** Throws `invalid` naming what is not as Feast writes it. */
export function readRegistryDump(text: string): RegistryDump {
  let value: unknown;
  try {
    // Feast prints warnings before the document.
    value = JSON.parse(text.slice(Math.max(0, text.indexOf("{"))));
  } catch (error) {
    throw new DomainError(
      "invalid",
      `This is no JSON: ${(error as Error).message}. Give what \`feast registry-dump > registry.json\` wrote.`,
    );
  }
  if (typeof value === "object" && value !== null && "feature_views" in value)
    throw new DomainError("invalid", "The members are named feature_views and the like. Give what `feast registry-dump` writes, or what MessageToDict gives without preserving_proto_field_name."); // prettier-ignore
  const parsed = RegistryDump.safeParse(value);
  if (!parsed.success)
    throw new DomainError("invalid", "This is no dump of a Feast registry.", {
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.map((part) => (typeof part === "number" ? part : String(part))), message })), // prettier-ignore
    });
  return parsed.data;
}
