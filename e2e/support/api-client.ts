import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Answer<Body> {
  status: number;
  body: Body;
}

export interface RunAnswer {
  id: string;
  state: string;
  error: unknown;
  metrics: Record<string, Record<string, number>>;
}

const ENDED = ["succeeded", "failed", "canceled"];

/** Drives a portal by its API and nothing else, as a program of its users would. */
export class ApiClient {
  constructor(private readonly portal: { url: string; token: string }) {}

  /** Any answer, 4xx included. Throws for one that is not JSON, and for 5xx. */
  async call<Body>(method: "GET" | "POST", address: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(`${this.portal.url}${address}`, {
      method,
      headers: { authorization: `Bearer ${this.portal.token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) throw new Error(`${method} ${address} answered ${response.status}: ${text}`);
    try {
      return { status: response.status, body: JSON.parse(text) as Body };
    } catch {
      throw new Error(`${method} ${address} answered ${response.status} with what is no JSON: ${text.slice(0, 300)}`);
    }
  }

  async get<Body>(address: string): Promise<Body> {
    return this.wellDone("GET", address);
  }

  async post<Body>(address: string, body: unknown): Promise<Body> {
    return this.wellDone("POST", address, body);
  }

  private async wellDone<Body>(method: "GET" | "POST", address: string, body?: unknown): Promise<Body> {
    const answer = await this.call<Body>(method, address, body);
    if (answer.status >= 400)
      throw new Error(`${method} ${address} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Applies the spec files of a folder of test/workspaces. */
  async applyFolder(folder: string): Promise<void> {
    const root = path.resolve("test/workspaces", folder);
    const documents = readdirSync(root).map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
    await this.post("/api/v1/specs/apply", { documents });
  }

  /** Queues a run of a pipeline's first variant. */
  startRun(workspace: string, pipeline: string): Promise<RunAnswer> {
    return this.post<RunAnswer>("/api/v1/runs", { workspace, pipeline });
  }

  /** Waits for a run's end, whatever that is. */
  async endOf(run: RunAnswer): Promise<RunAnswer> {
    let now = run;
    while (!ENDED.includes(now.state)) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      now = await this.get<RunAnswer>(`/api/v1/runs/${run.id}`);
    }
    return now;
  }

  async run(workspace: string, pipeline: string): Promise<RunAnswer> {
    return this.endOf(await this.startRun(workspace, pipeline));
  }
}
