import { DomainError, type Issue } from "../errors";
import { textOfJson } from "../exact-integers";
import { nearest } from "../names/nearest-name";

const MOST_ISSUES = 20;

/** Everything found wrong with a question, thrown at once. */
export class Issues {
  private readonly found: Issue[] = [];
  private left = 0;

  add(path: Issue["path"], message: string, expected?: string, found?: unknown): void {
    if (this.found.length === MOST_ISSUES) this.left += 1;
    else {
      this.found.push({
        path,
        message,
        ...(expected !== undefined && { expected }),
        ...(found !== undefined && { found: brief(found) }),
      });
    }
  }

  /** A name that is none of the known ones. */
  addUnknown(path: Issue["path"], name: string, known: readonly string[]): void {
    const meant = nearest(name, known);
    this.add(
      path,
      `is not known${meant === undefined ? "" : `, did you mean ${meant}?`}`,
      `one of ${known.join(", ")}`,
      name,
    );
  }

  /** Throws `invalid` if there is any. */
  throwIfAny(): void {
    const [first] = this.found;
    if (!first) return;
    const others = this.found.length + this.left - 1;
    throw new DomainError(
      "invalid",
      `The drift preview cannot be computed: ${first.path.join(".")} ${first.message}${others > 0 ? ` (and ${others} more)` : ""}.`,
      { issues: this.found },
    );
  }
}

function brief(value: unknown): string {
  const text = textOfJson(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
