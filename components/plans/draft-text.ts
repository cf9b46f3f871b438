/** Names of the stages in a YAML text, as far as they can be told without reading it whole: it may be half-written. */
export function stagesIn(yaml: string): Set<string> {
  const documents = yaml.split(/^---\s*$/m).filter((text) => /^kind:\s*["']?Stage["']?\s*$/m.test(text));
  return new Set(documents.flatMap((text) => /^name:\s*["']?([a-z][a-z0-9_]*)["']?\s*$/m.exec(text)?.[1] ?? []));
}

/** The text with a column replaced in one stage's document, wherever its whole name stands there. */
export function correctInYaml(yaml: string, stage: string, column: string, by: string): string {
  const whole = new RegExp(`(?<![\\w.])${column.replaceAll(".", "\\.")}(?![\\w.])`, "g");
  return yaml
    .split(/^---\s*\n/m)
    .map((text) => (stagesIn(text).has(stage) ? text.replace(whole, by) : text))
    .join("---\n");
}
