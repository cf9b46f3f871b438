import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SpecFile } from "@/lib/contracts/spec-documents";
import { DomainError } from "@/lib/domain/errors";

const SPEC = /\.(ya?ml|json)$/i;
/** Folders that hold other people's files. */
const SKIPPED = new Set(["node_modules"]);

/** Spec files under a folder, or the one file that is named, by name. Their names are relative to where the caller stands. */
export async function readSpecFiles(directory: string): Promise<SpecFile[]> {
  const found = await stat(directory).catch(() => null);
  if (!found) throw new DomainError("not_found", `There is no ${directory}. Name a folder with spec files.`);
  const names = found.isDirectory() ? await specNames(directory) : [directory];
  if (names.length === 0)
    throw new DomainError(
      "not_found",
      `${directory} has no spec files. Expected files that end with .yaml, .yml or .json.`,
    );
  return Promise.all(names.map(async (file) => ({ file, text: await readFile(file, "utf8") })));
}

async function specNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(directory, entry.name);
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory()) names.push(...(await specNames(name)));
    else if (SPEC.test(entry.name)) names.push(name);
  }
  return names;
}

/** Writes an export. Refuses where other spec files would say the same objects a second time. */
export async function writeSpecFiles(directory: string, files: SpecFile[]): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const written = files.map(({ file }) => path.join(directory, file));
  const others = (await specNames(directory)).filter((name) => !written.includes(name));
  if (others.length > 0)
    throw new DomainError(
      "conflict",
      `${directory} has spec files that the export does not replace: ${others.join(", ")}. Export to an empty folder.`,
    );
  await Promise.all(files.map(({ text }, index) => writeFile(written[index] as string, text)));
  return written;
}

/** Files whose first line tells editors where the JSON Schema of documents is: on the portal at `address`, null for none. */
export function withSchema(files: SpecFile[], address: string | null): SpecFile[] {
  if (!address) return files;
  const line = `# yaml-language-server: $schema=${address.replace(/\/+$/, "")}/api/document-schema.json\n`;
  return files.map(({ file, text }) => ({ file, text: /\.ya?ml$/.test(file) ? line + text : text }));
}
