import type { SpecFile } from "@/lib/contracts/spec-documents";

/** Whether a file may hold spec documents, by its name. Hidden files, as of an editor or Git, hold none. */
export function isSpecFile(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name) && !name.split("/").some((part) => part.startsWith("."));
}

/** Spec files among what was dropped, folders searched through, by path; and the names of the other files. */
export async function filesIn(dropped: DataTransfer): Promise<{ files: SpecFile[]; others: string[] }> {
  // The list is emptied as soon as the handler of the event returns.
  const entries = [...dropped.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = (await Promise.all(entries.map(walk))).flat();
  const files = found.filter(({ fullPath }) => isSpecFile(fullPath));
  return {
    files: await Promise.all(files.map(async (entry) => ({ file: nameOf(entry), text: await textOf(entry) }))),
    others: found.filter((entry) => !files.includes(entry)).map(nameOf),
  };
}

const nameOf = ({ fullPath }: FileSystemEntry) => fullPath.replace(/^\//, "");

async function walk(entry: FileSystemEntry): Promise<FileSystemFileEntry[]> {
  if (entry.isFile) return [entry as FileSystemFileEntry];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // A folder is read in pieces of a hundred.
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) break;
    inside.push(...piece);
  }
  return (await Promise.all(inside.sort((a, b) => (a.fullPath < b.fullPath ? -1 : 1)).map(walk))).flat();
}

async function textOf(entry: FileSystemFileEntry): Promise<string> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return file.text();
}
