/** Hands a file to the reader's browser. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Hands lines of CSV to the reader's browser; `name` is without its ending. */
export function saveCsv(name: string, ...lines: string[]): void {
  saveFile(`${name}.csv`, new Blob(lines, { type: "text/csv;charset=utf-8" }));
}
