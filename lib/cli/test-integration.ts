/** What spec files declare, applied to a workspace that is thrown away and run on a sample of its data. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { environment, setEnvironment } from "@/lib/config/environment";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { isFileSource, type SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { describeResult } from "@/lib/domain/rules/describe-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { SpecIndex } from "@/lib/domain/specs/spec-index";
import { engine } from "@/lib/engines/current-engine";
import { copySample, countValues } from "@/lib/engines/local/copy-sample";
import type { SessionOptions } from "@/lib/engines/local/session";
import { specProbes } from "@/lib/engines/spec-probes";
import { checkRules } from "@/lib/jobs/check-rules";
import { executeRun } from "@/lib/jobs/run/execute-run";
import { ProgressWriter } from "@/lib/jobs/run/progress-writer";
import { claimRun } from "@/lib/registry/execution/claims";
import { openWorkQueue } from "@/lib/registry/execution/work-queue";
import { previewPlan } from "@/lib/registry/plans/plans";
import { wordsOfRule } from "@/lib/registry/rules/checks";
import { getDatasetRules } from "@/lib/registry/rules/rules";
import { getRun } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs } from "@/lib/registry/specs/specs";
import { writtenFilesOf } from "@/lib/registry/stored-json";
import { type Arguments, UsageError } from "./arguments";
import { printIssue } from "./print-plan";
import type { TestCase } from "./test-report";

const ROWS = 10_000;
const COUNTS_ROWS = "expect_table_row_count_";
/** Variants of a pipeline that are run; that there are more is said. */
const MOST_VARIANTS = 10;
const TESTER: Principal = {
  id: "operator:test",
  name: "tributary test",
  kind: "user",
  bindings: [{ workspaceId: null, role: "admin" }],
  requestId: null,
};

/** Of each source: how many of its rows are tried. */
type Samples = Map<string, { rows: number; of: number }>;

/**
 * Applies the definitions to an empty registry with samples in the place of their sources, runs the variants of every pipeline, and
 * judges: every run succeeds, every output has rows and values, no test score leaks, and every rule holds. What cannot be tried is
 * skipped by name with the reason. Nothing outside of a temporary folder is written.
 */
export async function testIntegration(index: SpecIndex, given: Arguments): Promise<TestCase[]> {
  const scratch = await mkdtemp(path.join(tmpdir(), "tributary-integration-"));
  const { DATABASE_URL: _, ...inherited } = process.env;
  const before = environment();
  try {
    setEnvironment({ TRIBUTARY_LOG_LEVEL: "silent", ...inherited, TRIBUTARY_DATA: scratch });
    return await new Trial(index, given, scratch).run();
  } finally {
    engine().close();
    await closeDatabase();
    setEnvironment({ ...process.env, TRIBUTARY_DATA: before.TRIBUTARY_DATA });
    await rm(scratch, { recursive: true, force: true });
  }
}

class Trial {
  private readonly cases: TestCase[] = [];
  private readonly samples: Samples = new Map();
  private readonly options: SessionOptions;
  private workspace = "";

  constructor(
    private readonly index: SpecIndex,
    private readonly given: Arguments,
    private readonly scratch: string,
  ) {
    this.options = { dataDirectory: scratch, threads: 2, memoryLimit: environment().TRIBUTARY_ENGINE_MEMORY };
  }

  async run(): Promise<TestCase[]> {
    const sources: SourceDefinition[] = [];
    for (const source of this.index.all("Source")) {
      const sampled = await this.sample(source);
      if (sampled) sources.push(sampled);
    }
    if (this.failed()) return this.cases;
    await openDatabase({ directory: this.scratch });
    if (!(await this.apply(sources))) return this.cases;
    await openWorkQueue();
    for (const source of sources) await this.checkRules(source);
    for (const pipeline of this.index.all("Pipeline")) await this.runPipeline(pipeline);
    return this.cases;
  }

  private failed(): boolean {
    return this.cases.some(({ outcome }) => outcome === "failed");
  }

  /** Does one thing as one test: its answer, undefined where it failed, is what it throws. */
  private async test<Answer>(
    subject: string,
    name: string,
    work: () => Promise<{ answer: Answer; lines?: string[]; wrong?: string[] }>,
  ): Promise<Answer | undefined> {
    const began = performance.now();
    const add = (outcome: TestCase["outcome"], lines: string[]) =>
      this.cases.push({ subject, name, outcome, seconds: (performance.now() - began) / 1000, lines });
    try {
      const { answer, lines = [], wrong = [] } = await work();
      add(wrong.length > 0 ? "failed" : "passed", wrong.length > 0 ? wrong : lines);
      return answer;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const issues = (error.context.issues ?? []) as Issue[];
      add("failed", [error.message, ...issues.map(printIssue)]);
      return undefined;
    }
  }

  private skip(subject: string, name: string, reason: string): void {
    this.cases.push({ subject, name, outcome: "skipped", seconds: 0, lines: [reason] });
  }

  private async sample(source: SourceDefinition): Promise<SourceDefinition | null> {
    const replaced = this.given.sources[source.name];
    const read = replaced === undefined ? source : { ...fileOf(source, replaced), location: path.resolve(replaced) };
    if (!isFileSource(read)) {
      await this.test(source.name, "is read as declared", () => {
        throw new DomainError("invalid", `It reads a table by connection ${source.connection}, which only a server knows. Give its rows as --source ${source.name}=FILE.`); // prettier-ignore
      });
      return null;
    }
    const rows = this.given.rows ?? ROWS;
    const folder = path.join(this.scratch, "sources");
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${source.name}.parquet`);
    const directories = [process.cwd(), path.resolve(this.given.words[0] ?? ""), ...(environment().TRIBUTARY_SOURCES ?? [])]; // prettier-ignore
    const copied = await this.test(source.name, "is read as declared", async () => {
      const answer = await copySample(this.options, { source: read, folders: { directories, anywhere: true }, rows, file }); // prettier-ignore
      const figure = (value: number) => value.toLocaleString("en");
      const line = answer.rows < answer.of ? `A sample of ${figure(answer.rows)} of ${figure(answer.of)} rows is tried.` : `All ${figure(answer.rows)} rows are tried.`; // prettier-ignore
      return { answer, lines: [line] };
    });
    if (!copied) return null;
    this.samples.set(source.name, copied);
    if (copied.rows === copied.of) return copied.source;
    // How many rows a sample has says nothing.
    const [counting, rest] = [(rule: Rule) => rule.type.startsWith(COUNTS_ROWS), copied.source.rules ?? []];
    for (const rule of rest.filter(counting))
      this.skip(source.name, wordsOfRule(rule, null), "Only a sample of the rows is tried.");
    return { ...copied.source, rules: rest.filter((rule) => !counting(rule)) };
  }

  private async apply(sources: readonly SourceDefinition[]): Promise<boolean> {
    const documents = this.index.objects.flatMap(({ definition }): Record<string, unknown>[] => {
      if (definition.kind !== "Source") return [{ ...definition }];
      const sampled = sources.find(({ name }) => name === definition.name);
      return sampled ? [{ ...sampled }] : [];
    });
    const workspace = this.given.workspace ?? this.index.all("Workspace")[0]?.name ?? "tested";
    const declared = documents.some(({ kind }) => kind === "Workspace") ? documents : [{ kind: "Workspace", name: workspace }, ...documents]; // prettier-ignore
    const applied = await this.test(`workspace ${workspace}`, "is applied to an empty workspace", async () => ({
      answer: await applySpecs(TESTER, { workspace, documents: declared }, specProbes),
    }));
    this.workspace = applied?.workspace ?? "";
    return applied !== undefined;
  }

  private async runPipeline(pipeline: PipelineDefinition): Promise<void> {
    const { workspace } = this;
    const { outputs, pins } = pipeline;
    const plan = await this.test(pipeline.name, "is planned", async () => {
      const answer = await previewPlan(TESTER, { workspace, outputs, options: { limit: MOST_VARIANTS, ...(pins && { pins }) } }, engine()); // prettier-ignore
      if (answer.variants.length === 0)
        throw new DomainError("invalid", `No stage writes ${outputs.join(", ")} from what there is.`);
      return { answer, lines: [`${answer.total} ${answer.total === "1" ? "variant" : "variants"}.`] };
    });
    if (!plan) return;
    for (const variant of plan.variants.keys()) await this.runVariant(pipeline, variant);
    const more = BigInt(plan.total) - BigInt(plan.variants.length);
    if (more > 0n) this.skip(pipeline.name, `${more} more variants`, `The first ${plan.variants.length} were run.`);
  }

  private async runVariant(pipeline: PipelineDefinition, variant: number): Promise<void> {
    const done = await this.test(pipeline.name, `variant ${variant} runs`, async () => {
      const id = await startRun(TESTER, { workspace: this.workspace, pipeline: pipeline.name, variant }, engine());
      const claimed = await claimRun(id);
      if (!claimed) throw new Error(`Run ${id} was taken by somebody else.`);
      await executeRun(claimed, engine(), new ProgressWriter(claimed));
      const answer = await getRun(TESTER, id);
      if (answer.state !== "succeeded")
        throw new DomainError("invalid", answer.error?.message ?? `The run is ${answer.state}.`);
      const judged = Object.entries(answer.metrics ?? {}).map(([part, figures]) => `${part}: ${Object.entries(figures).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(", ")}`); // prettier-ignore
      return { answer, lines: judged };
    });
    if (!done) return;
    for (const { dataset, version } of done.outputs)
      await this.test(pipeline.name, `variant ${variant} writes ${dataset}`, async () => {
        const { rows, values } = await countValues(this.options, await this.filesOf(dataset, version));
        const empty = Object.entries(values).filter(([, count]) => count === 0).map(([column]) => column); // prettier-ignore
        if (rows === 0) return { answer: null, wrong: ["It has no rows."] };
        const lines = [`${rows.toLocaleString("en")} rows.`];
        return { answer: null, lines, wrong: empty.map((column) => `${column} has no value in any of ${rows.toLocaleString("en")} rows.`) }; // prettier-ignore
      });
    for (const { model, version, verdict, sentence } of done.modelVersions)
      await this.test(pipeline.name, `variant ${variant}: the test score of ${model} ${version} can be trusted`, () =>
        Promise.resolve({ answer: null, lines: [sentence], wrong: verdict === "leak" ? [sentence] : [] }),
      );
    for (const { dataset } of done.outputs) await this.judgeRules(dataset, pipeline.name);
  }

  private async filesOf(dataset: string, version: number): Promise<string[]> {
    const { files } = await prisma().datasetVersion.findFirstOrThrow({
      where: { workspace: { name: this.workspace }, dataset, version },
      select: { files: true },
    });
    return writtenFilesOf(files).map((file) => path.resolve(this.scratch, file.path));
  }

  private async checkRules(source: SourceDefinition): Promise<void> {
    const { id } = await prisma().workspace.findUniqueOrThrow({ where: { name: this.workspace } });
    await checkRules({ workspaceId: id, dataset: source.name, requestedBy: TESTER.id }, engine());
    await this.judgeRules(source.name, source.name);
  }

  /** What the newest check found. A rule that only warns fails no test. */
  private async judgeRules(dataset: string, subject: string): Promise<void> {
    const { checks, notChecked } = await getDatasetRules(TESTER, this.workspace, dataset);
    const add = (name: string, outcome: TestCase["outcome"], lines: string[]) =>
      this.cases.push({ subject, name, outcome, seconds: 0, lines });
    if (notChecked) add(`rules of ${dataset}`, "failed", [notChecked.message]);
    for (const result of (checks[0]?.results ?? []) as RuleResult[]) {
      const { success, expectation_config: rule, feature } = result;
      const isWarning = rule.severity !== "critical";
      const found = success ? [] : [`${isWarning ? `${rule.severity}: ` : ""}${describeResult(result)}`];
      add(`${dataset}: ${wordsOfRule(rule, feature ?? null)}`, success || isWarning ? "passed" : "failed", found);
    }
  }
}

const FORMATS = { csv: "csv", tsv: "csv", txt: "csv", parquet: "parquet", json: "json", jsonl: "json", ndjson: "json", arrow: "arrow", feather: "arrow" } as const; // prettier-ignore

/** The source read from a file in the place of its own data. Throws UsageError for a file of no known format. */
function fileOf({ connection: _, table: __, sql: ___, ...source }: SourceDefinition, file: string): SourceDefinition {
  const extension = path
    .extname(file.replace(/\.(gz|zst)$/i, ""))
    .slice(1)
    .toLowerCase();
  const format = FORMATS[extension as keyof typeof FORMATS];
  if (!format)
    throw new UsageError(
      `--source ${source.name}=${file}: the file must be one of ${Object.keys(FORMATS).join(", ")}.`,
    );
  return { ...source, format };
}
