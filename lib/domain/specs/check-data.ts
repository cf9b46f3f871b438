import type { EntityDefinition } from "../definitions/entity";
import type { SourceDefinition } from "../definitions/source";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import { type AssignmentRule, type SplitRule, toSplitRule } from "../definitions/split-rule";
import type { WorkspaceDefinition } from "../definitions/workspace";
import { sourceRuleFindings } from "./check-rules";
import { type Finding, missingColumn, missingReference, type SpecIndex } from "./spec-index";

export function workspaceFindings(workspace: WorkspaceDefinition, index: SpecIndex): Finding[] {
  if (workspace.defaultSplit === undefined) return [];
  return missingReference(index, "SplitPolicy", workspace.defaultSplit, ["defaultSplit"]);
}

export function entityFindings(entity: EntityDefinition, index: SpecIndex): Finding[] {
  const own = new Set([...entity.joinKeys.map((key) => key.name), entity.eventTime]);
  return (entity.relations ?? []).flatMap((relation, position) => [
    ...missingReference(index, "Entity", relation.entity, ["relations", position, "entity"]),
    ...(own.has(relation.by)
      ? []
      : missingColumn(index, `${entity.name}.${relation.by}`, ["relations", position, "by"])),
    ...relationTypeFindings(entity, relation, position, index),
  ]);
}

function relationTypeFindings(
  entity: EntityDefinition,
  relation: { entity: string; by: string },
  position: number,
  index: SpecIndex,
): Finding[] {
  const keys = index.get("Entity", relation.entity)?.joinKeys;
  const type =
    index.typeOf(`${entity.name}.${relation.by}`) ?? entity.joinKeys.find((key) => key.name === relation.by)?.type;
  if (keys?.length !== 1 || type === undefined || keys[0]?.type === type) return [];
  return [
    {
      path: ["relations", position, "by"],
      message: `\`${relation.by}\` is ${type}, but ${relation.entity} is joined by ${keys[0]?.name}, which is ${keys[0]?.type}.`,
      expected: keys[0]?.type,
      found: type,
    },
  ];
}

export function sourceFindings(source: SourceDefinition, index: SpecIndex): Finding[] {
  const columns = new Map(source.columns.map((column) => [column.name, column.type]));
  const known = [...columns.keys()].join(", ");
  const column = (name: string | undefined, path: (string | number)[]): Finding[] =>
    name === undefined || columns.has(name)
      ? []
      : [{ path, message: `\`${name}\` is not among the columns.`, expected: `one of ${known}`, found: name }];
  const typed = (name: string | undefined, path: string, types: readonly string[]): Finding[] => {
    const type = name === undefined ? undefined : columns.get(name);
    if (type === undefined || types.includes(type)) return [];
    const expected = types.join(" or ");
    return [{ path: [path], message: `\`${name}\` must be ${expected}.`, expected, found: type }];
  };
  return [
    ...missingReference(index, "Entity", source.entity, ["entity"]),
    ...source.rowKey.flatMap((name, position) => column(name, ["rowKey", position])),
    ...column(source.timeColumn, ["timeColumn"]),
    ...typed(source.timeColumn, "timeColumn", ["date", "timestamp"]),
    ...column(source.createdColumn, ["createdColumn"]),
    ...column(source.rowNumber, ["rowNumber"]),
    ...typed(source.rowNumber, "rowNumber", ["bigint"]),
    ...joinKeyFindings(source, columns, index),
    ...profileFindings(source),
    ...readingFindings(source),
    ...sourceRuleFindings(source),
  ];
}

const TEXT_MEMBERS = ["decimal", "thousands", "nullValues", "encoding", "dateFormat", "timestampFormat"] as const;
const CSV_MEMBERS = ["delimiter", "quote", "escape", "header", "skip", "comment"] as const;
/** Directives of `strptime` that DuckDB reads. */
const FORMAT = /^(?:[^%]|%[-]?[aAbBcdDfFgGHIjmMnpSuUVwWxXyYzZ%]|%-?[dmyHIMSj])*$/;

/** What cannot be meant: members that the format has no use for, marks that are the same, zones and formats that nobody knows. */
function readingFindings({ format, reading = {} }: SourceDefinition): Finding[] {
  const unused = [
    ...(format === "csv" ? [] : CSV_MEMBERS),
    ...(format === "csv" || format === "json" ? [] : TEXT_MEMBERS),
  ].filter((member) => reading[member] !== undefined);
  const { delimiter, decimal = ".", thousands, quote, timeZone } = reading;
  const findings: Finding[] = unused.map((member) => ({
    path: ["reading", member],
    message: `\`${member}\` says nothing of a ${format === "postgres" ? "table" : `${format} file`}.`,
    expected: "no such member",
    found: member,
  }));
  const clash = (member: string, other: string) =>
    findings.push({
      path: ["reading", member],
      message: `\`${member}\` and \`${other}\` are the same mark.`,
      expected: "two different marks",
      found: String(reading[member as keyof typeof reading]),
    });
  if (thousands !== undefined && thousands === decimal) clash("thousands", "decimal");
  if (delimiter !== undefined && delimiter === quote) clash("delimiter", "quote");
  for (const member of ["decimal", "thousands"] as const)
    if (reading[member] !== undefined && /[\dA-Za-z+-]/.test(reading[member]))
      findings.push({ path: ["reading", member], message: `\`${member}\` cannot be a letter, a digit or a sign.`, expected: "a mark such as , or .", found: reading[member] }); // prettier-ignore
  if (timeZone !== undefined && !isTimeZone(timeZone))
    findings.push({
      path: ["reading", "timeZone"],
      message: `nobody knows the time zone \`${timeZone}\`.`,
      expected: "a name such as Europe/Berlin",
      found: timeZone,
    });
  for (const member of ["dateFormat", "timestampFormat"] as const)
    for (const text of [reading[member] ?? []].flat())
      if (!text.includes("%") || !FORMAT.test(text))
        findings.push({
          path: ["reading", member],
          message: `\`${text}\` is not a format.`,
          expected: "directives of strptime, such as %d/%m/%Y %H:%M",
          found: text,
        });
  return findings;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function profileFindings({ profileEvery, timeColumn }: SourceDefinition): Finding[] {
  if (profileEvery === undefined || timeColumn !== undefined) return [];
  return [
    {
      path: ["profileEvery"],
      message: `profiles by ${profileEvery} need a time: the source has no timeColumn.`,
      expected: "a timeColumn, or no profileEvery",
      found: profileEvery,
    },
  ];
}

function joinKeyFindings(source: SourceDefinition, columns: Map<string, string>, index: SpecIndex): Finding[] {
  return (index.get("Entity", source.entity)?.joinKeys ?? []).flatMap((key): Finding[] => {
    const type = columns.get(key.name);
    if (type === key.type) return [];
    return [
      {
        path: ["columns"],
        message:
          type === undefined
            ? `the join key \`${key.name}\` of ${source.entity} is not among the columns.`
            : `\`${key.name}\` is ${type}, but ${source.entity} declares its join key as ${key.type}.`,
        expected: `{ name: ${key.name}, type: ${key.type} }`,
        found: type ?? "nothing",
      },
    ];
  });
}

export function splitFindings(split: SplitPolicyDefinition, index: SpecIndex): Finding[] {
  const rule = toSplitRule(split);
  if (rule.by === "assignment") return assignmentFindings(split.name, rule, index);
  const ranges = rangesOf(rule);
  const findings: Finding[] = [];
  ranges.forEach((one, position) => {
    const other = ranges.slice(0, position).find((before) => before.from < one.to && one.from < before.to);
    if (other)
      findings.push({
        path: ["parts", one.part],
        message: `parts \`${other.part}\` and \`${one.part}\` overlap, so a row would be in both.`,
        expected: "parts without common rows",
        found: one.part,
      });
    if (rule.by === "hash" && one.to > rule.buckets)
      findings.push({
        path: ["parts", one.part],
        message: `part \`${one.part}\` goes beyond the last bucket.`,
        expected: `at most ${rule.buckets}`,
        found: String(one.to),
      });
  });
  return findings;
}

/** What an assignment needs of its source: a row key, and the column that it stratifies by. */
function assignmentFindings(policy: string, { source: name, stratify }: AssignmentRule, index: SpecIndex): Finding[] {
  const source = index.get("Source", name);
  if (!source) return missingReference(index, "Source", name, ["source"]);
  const column = source.columns.find((one) => one.name === stratify);
  const isList = column?.type === "vector" || column?.type === "strings";
  return [
    ...(source.rowKey.length > 0
      ? []
      : [
          {
            path: ["source"],
            message: `source \`${name}\` has no row key, by which \`${policy}\` would find a row again in what it assigned.`,
            expected: "a source with `rowKey`, or a policy of type hash, group or time",
            found: name,
          },
        ]),
    ...(stratify === null || (column && !isList)
      ? []
      : [
          {
            path: ["stratify"],
            message: column
              ? `\`${stratify}\` is ${column.type}, which has no classes.`
              : `source \`${name}\` has no column \`${stratify}\`.`,
            expected: column
              ? "a column with single values"
              : `one of ${source.columns.map((one) => one.name).join(", ")}`,
            found: stratify,
          },
        ]),
  ];
}

function rangesOf(split: Exclude<SplitRule, AssignmentRule>): { part: string; from: number; to: number }[] {
  if (split.by === "hash")
    return Object.entries(split.parts).flatMap(([part, ranges]) => ranges.map(([from, to]) => ({ part, from, to })));
  return Object.entries(split.parts).map(([part, [from, to]]) => ({
    part,
    from: from === null ? -Infinity : Date.parse(from),
    to: to === null ? Infinity : Date.parse(to),
  }));
}
