import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import type { Issue } from "@/lib/domain/errors";
import { withExactIntegers } from "@/lib/domain/exact-integers";
import { isTooDeep, MOST_LEVELS } from "./json-text";

type Path = (string | number)[];

/** One document of a text, and where its parts are. */
export interface RawDocument {
  value: unknown;
  /** 1-based line of what a path leads to; of the nearest thing above it where the path leads nowhere. */
  lineOf(path: Path): number;
}

/** Texts beyond this are not specs. Parsing is linear, but it is the server's time. */
const MOST_CHARACTERS = 10_000_000;

/** Reads YAML or JSON, one document or many. What is not even YAML is an issue; the documents around it are still read. */
export function readYaml(text: string, file: string): { documents: RawDocument[]; issues: Issue[] } {
  if (text.length > MOST_CHARACTERS)
    return {
      documents: [],
      issues: [{ file, line: 1, path: [], message: "The file is too large.", expected: "at most 10 MB" }],
    };
  const lines = new LineCounter();
  const documents: RawDocument[] = [];
  const issues: Issue[] = [];
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  for (const document of parsed(text, lines)) {
    if (document instanceof Error) {
      issues.push({
        file,
        line: 1,
        path: [],
        message: `This is not YAML: ${document.message}.`,
        expected: "YAML or JSON",
      });
      continue;
    }
    for (const error of document.errors)
      issues.push({
        file,
        line: lineAt(error.pos[0]),
        path: [],
        message: `This is not YAML: ${error.message.replace(/\.?$/, ".")}`,
        expected: "YAML or JSON",
      });
    if (document.errors.length > 0) continue;
    const read = toValue(document);
    const line = lineAt(startOf(document.contents as Node | null) ?? document.range?.[0] ?? 0);
    if ("error" in read) issues.push({ file, line, path: [], message: read.error, expected: "plain YAML or JSON" });
    // `---` at the end of a file, or nothing but comments.
    else if (read.value !== null)
      documents.push({ value: read.value, lineOf: (path) => lineAt(offsetOf(document, path)) });
  }
  return { documents, issues };
}

/** Nesting of many thousands of levels exhausts the parser's stack. */
function parsed(text: string, lineCounter: LineCounter): (Document.Parsed | Error)[] {
  try {
    return [...parseAllDocuments(text, { lineCounter, merge: true, prettyErrors: false, intAsBigInt: true })];
  } catch (error) {
    return [error instanceof Error ? error : new Error(String(error))];
  }
}

/** Integers keep all their digits. Aliases are followed at most a hundred times, so that a short text cannot become a huge object, and not into themselves. */
function toValue(document: Document.Parsed): { value: unknown } | { error: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (isTooDeep(value))
      return { error: `This is nested deeper than ${MOST_LEVELS} levels, or an alias refers to what it is part of.` };
    return { value: withExactIntegers(value) };
  } catch (error) {
    return { error: `This cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

/** Walks down as far as the path leads. The place of a map's member is its key's. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(document.contents as Node | null) ?? document.range[0];
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String(isScalar(item.key) ? item.key.value : item.key) === String(key),
      );
      if (!pair) return offset;
      offset = startOf(pair.key as Node) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)];
      if (item === undefined) return offset;
      offset = startOf(item as Node) ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
