import { type Meta, metaWords } from "../definitions/documented";
import type { Environment } from "../environments";
import type { Picture } from "../profiles/describe-picture";
import type { FilterField } from "./query";
import { compareText } from "./tokens";

/** What discovery knows of a feature: what is searched, filtered, ranked and shown in a row. */
export interface SearchDocument {
  name: string;
  entity: string;
  type: string;
  description: string;
  owner: string;
  tags: string[];
  /** Free keys and values. */
  meta: Meta;
  sensitivity: string;
  deprecated: boolean;
  /** False for a column that nobody documented. */
  documented: boolean;
  /** Version that each environment's pointer names. */
  pointers: { environment: Environment; version: number }[];
  /** ISO instant of the newest values; null when never computed. */
  lastComputed: string | null;
  /** Counts of the histogram's bins, in order; empty without a profile. */
  sparkline: number[];
  /** What the sparkline is drawn of; null without one. */
  picture: Picture | null;
  /** Of the newest window; null when never compared. */
  drift: NewestDrift | null;
  /** Worst verdict over the models that read a version some environment points to; null when no model reads it. */
  leak: string | null;
  /** Models and services that read it now: the one count of readers, wherever it is shown. */
  usedBy: string[];
}

export interface NewestDrift {
  state: string;
  /** The figure that was computed. */
  metric: string;
  /** Null with too few rows. */
  score: number | null;
  /** How many times the warning threshold that is: different figures rank on one scale. */
  severity: number | null;
}

/** A document's values of a filter's field, lower case. */
export function valuesFor(document: SearchDocument, field: FilterField): string[] {
  switch (field) {
    case "entity":
      return [document.entity];
    case "type":
      return [document.type];
    case "owner":
      return document.owner === "" ? [] : [document.owner.toLowerCase()];
    case "tag":
      return document.tags.map((tag) => tag.toLowerCase());
    case "meta":
      return Object.entries(document.meta).map(([key, value]) => `${key}:${String(value).toLowerCase()}`);
    case "env":
      return document.pointers.map((pointer) => pointer.environment);
    case "sensitivity":
      return [document.sensitivity];
    case "leak":
      return [document.leak ?? "unread"];
    case "drift":
      return [document.drift?.state ?? "unmeasured"];
    case "used_by":
      return document.usedBy.map((name) => name.toLowerCase());
    case "is":
      return [...(document.deprecated ? ["deprecated"] : []), ...(document.documented ? ["documented"] : [])];
  }
}

/** What is searched beside the name. */
export function textsOf({ description, tags, owner, meta }: SearchDocument): string[] {
  return [description, ...tags, owner, metaWords(meta).join(" ")];
}

/**
 * The order inside a tier: documented before undocumented, current before deprecated, then by use, freshness and name.
 * A total order, so that pages never overlap.
 */
export function compareByUse(one: SearchDocument, other: SearchDocument): number {
  return (
    Number(other.documented) - Number(one.documented) ||
    Number(one.deprecated) - Number(other.deprecated) ||
    other.usedBy.length - one.usedBy.length ||
    compareText(other.lastComputed ?? "", one.lastComputed ?? "") ||
    compareText(one.name, other.name)
  );
}
