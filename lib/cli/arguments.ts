import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearest } from "@/lib/domain/names/nearest-name";

/** Each with the words that come after it. */
const WORDS = {
  plan: ["DIR"],
  apply: ["DIR"],
  validate: ["DIR"],
  export: ["DIR"],
  test: ["DIR"],
  inspect: ["FILE"],
  import: ["feast", "FILE"],
  list: ["KIND"],
  show: ["KIND", "NAME"],
  run: ["PIPELINE"],
  destroy: [],
} as const satisfies Record<string, readonly string[]>;
type Command = keyof typeof WORDS;
const COMMANDS = Object.keys(WORDS) as Command[];
/** Words that may be left out. */
const OPTIONAL: Partial<Record<Command, true>> = { list: true };
/** Commands that need to be told the workspace. */
const OF_A_WORKSPACE: Partial<Record<Command, true>> = {
  export: true,
  list: true,
  show: true,
  run: true,
  destroy: true,
};

/** Commands whose words come after them; lib/cli/people.ts reads those of people and workspaces, the others have files of their names. */
const SUBJECTS = ["people", "workspaces", "connections", "training-datasets", "reproduce"] as const;
export type Subject = (typeof SUBJECTS)[number];

export const isSubject = (word: string | undefined): word is Subject => SUBJECTS.some((one) => one === word);

/** Options that belong to some commands only. */
const BELONGS: Record<string, readonly Command[]> = {
  stage: ["test"],
  junit: ["test"],
  integration: ["test"],
  rows: ["test"],
  source: ["test"],
  out: ["plan", "import"],
  project: ["import"],
  connection: ["import"],
  target: ["plan", "apply"],
  yes: ["apply", "destroy"],
  variant: ["run"],
  engine: ["run"],
  pin: ["run"],
  search: ["run"],
  "version-as-of": ["run"],
  "timestamp-as-of": ["run"],
  prune: ["plan", "apply"],
  "detailed-exitcode": ["plan"],
};

export interface Arguments {
  command: Command;
  /** What comes after the command: a folder, file or pattern, a kind and a name, or a pipeline. */
  words: string[];
  workspace?: string;
  server?: string;
  token?: string;
  prune: boolean;
  json: boolean;
  detailedExitCode: boolean;
  /** test: only this stage's. */
  stage?: string;
  /** test: a file to write JUnit XML to. */
  junit?: string;
  /** test: what is declared is applied to a workspace that is thrown away, and run. */
  integration: boolean;
  /** test: about so many rows of each source are tried. */
  rows?: number;
  /** test: source → a file that is read in its place. */
  sources: Record<string, string>;
  /** plan: a file to write the plan to; import: a folder to write the spec files to. */
  out?: string;
  /** import: which of several projects. */
  project?: string;
  /** import: the connection to Feast's Postgres offline store. */
  connection?: string;
  /** plan and apply: only these objects, as KIND/NAME, and what they need. */
  targets: string[];
  /** Nobody is asked. */
  yes: boolean;
  /** run: the number of a variant. */
  variant?: number;
  /** run: the engine's name, which the server judges. */
  engine?: string;
  /** run: column → stage. */
  pins: Record<string, string>;
  /** run: YAML or JSON of what to try, `none` for nothing. */
  search?: string;
  /** run: source → version of its data. */
  versionAsOf: Record<string, number>;
  /** run: an instant as of which data are read. */
  timestampAsOf?: string;
}

export const USAGE = `Usage: tributary <command> [words] [options]
       tributary people|workspaces|connections|training-datasets <action> [options]
       tributary reproduce RUN [options]

Commands
  plan DIR     show what applying the spec files under DIR would change
  apply DIR    apply them, all or nothing; on a terminal the plan is shown first, and asked about
  apply PLAN   apply what plan --out wrote to PLAN, and nothing if the registry has changed since
  validate DIR check the spec files by themselves, without a registry
  export DIR   write the workspace to DIR as spec files
  list [KIND]  the declared objects of --workspace, such as Stage
  show KIND NAME
               print one of them as a document
  destroy      retire all that is declared in --workspace; what runs made stays
  run PIPELINE plan and run a pipeline of --workspace on the server, follow its log to the end;
               ends with 1 unless the run succeeds
  test DIR     run the tests of the stages in the spec files, on this machine and without a registry;
               with --integration also apply the files to a workspace that is thrown away, run every pipeline
               on a sample of its data, and judge runs, outputs, test scores and rules
  inspect FILE print the Entity and the Source that a file, folder or pattern would be declared as,
               with what is doubtful on standard error; --json prints all that was found
  import feast FILE
               print what \`feast registry-dump\` wrote to FILE as documents, or write them to the folder --out;
               what is changed or left out is said on standard error

  people list                            who has which role in --workspace, and who is invited
  people invite EMAIL NAME --roles R,R   print a link that makes the account, once and within 7 days
  people roles EMAIL R,R                 set all roles of a person in --workspace
  people disable|enable|remove EMAIL     close or open the account; remove it from --workspace
  workspaces list                        every workspace, archived ones included
  workspaces create NAME                 with its first administrator: --admin EMAIL --admin-name NAME
  workspaces archive|restore NAME        nothing in an archived workspace changes or runs
  connections list                       databases that sources of --workspace may read
  connections add NAME                   with --host, --port, --database, --user, --tls; the password from
                                         --password-file FILE (- for standard input), or PGPASSWORD
  connections update|test|remove NAME    change what is given; try it; delete it
  training-datasets list                 frozen training rows of --workspace, on the server
  training-datasets create NAME          from what --from FILE asks for (YAML or JSON); --description TEXT
  training-datasets show NAME            its recipe, counts, digests and what leaks
  training-datasets download NAME        its rows to --out FILE, as --format parquet, arrow, csv or json; rows that are
                                         not kept are made again first

  reproduce RUN                          do run RUN (its number) of --workspace again on what it recorded, and say what
                                         differs or is gone; training-dataset/NAME does that of a training dataset;
                                         ends with 1 unless it is reproducible

Options
  --workspace NAME      the workspace; not needed where a document of kind Workspace names it
  --prune               retire what the workspace has and the files have not
  --json                print JSON instead of text
  --detailed-exitcode   plan: end with 3 when there are differences
  --out FILE            plan: write the plan to FILE, for apply FILE; import: write spec files to this folder
  --project NAME        import: which project, where the dump holds several
  --connection NAME     import: the connection that sources of Feast's Postgres offline store are read by
  --target KIND/NAME    plan, apply: only this object and what it needs; may be given again
  --yes                 apply, destroy: do not ask
  --variant N           run: which variant, from 0; the first when left out
  --engine NAME         run: the engine, local or spark; local when left out
  --pin COLUMN=STAGE    run: the stage that must write a column; may be given again
  --search YAML         run: parameters to try, as a pipeline's search, such as
                        '{ metric: auc, params: { model: { regParam: [0, 0.1] } } }'; none fits as declared
  --version-as-of SOURCE=N
                        run: the version of a source that is read; may be given again
  --timestamp-as-of TIME
                        run: other sources in the newest version that had been recorded by then
  --roles R,R           people invite: roles such as author,steward (viewer when left out)
  --title TEXT          workspaces create: name for people
  --admin EMAIL         workspaces create: the first administrator, with --admin-name NAME
  --stage NAME          test: only this stage
  --integration         test: all that is declared, on samples; --rows N: about so many rows of each source (10000)
  --source NAME=FILE    test: read a source from FILE, such as one whose table is not to be had; may be given again
  --junit FILE          test: write the results to FILE as JUnit XML as well
  --server URL          a running Tributary (TRIBUTARY_URL; default http://127.0.0.1:PORT)
  --token TOKEN         an API token for it (TRIBUTARY_TOKEN)

Without --server, and when no server answers, the registry is opened directly.
Ends with 0 when all is well, 1 for errors and failed tests, 2 for a wrong command line.
`;

/** What is wrong with the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Parses the command line; null asks for help. Throws UsageError. */
export function parseArguments(argv: string[]): Arguments | null {
  const { values, positionals } = parse(argv);
  if (values.help || (positionals.length === 0 && argv.length === 0)) return null;
  const [command, ...words] = positionals;
  const known = COMMANDS.find((one) => one === command);
  if (!known) {
    const near = nearest(command ?? "", [...COMMANDS, ...SUBJECTS]);
    throw new UsageError(
      command === undefined
        ? "The command is missing."
        : `There is no command ${command}.${near ? ` Did you mean ${near}?` : ""}`,
    );
  }
  assertWords(known, words);
  if (OF_A_WORKSPACE[known] && !values.workspace) throw new UsageError(`${known} needs --workspace NAME.`);
  for (const [option, commands] of Object.entries(BELONGS)) {
    const value = values[option as keyof typeof values];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
    if (isGiven && !commands.includes(known)) throw new UsageError(`--${option} belongs to ${commands.join(" and ")}.`);
  }
  if (!values.integration && (values.rows !== undefined || values.source.length > 0))
    throw new UsageError("--rows and --source belong to test --integration.");
  if (values.prune && values.target.length > 0)
    throw new UsageError(
      "--prune retires what the files have not, and --target leaves most of them out: give one of them.",
    );
  return {
    command: known,
    words,
    workspace: values.workspace,
    server: values.server,
    token: values.token,
    prune: values.prune,
    json: values.json,
    detailedExitCode: values["detailed-exitcode"],
    stage: values.stage,
    junit: values.junit,
    integration: values.integration,
    rows: values.rows === undefined ? undefined : rowsOf(values.rows),
    sources: Object.fromEntries(values.source.map(sourceOf)),
    out: values.out,
    project: values.project,
    connection: values.connection,
    targets: values.target,
    yes: values.yes,
    variant: values.variant === undefined ? undefined : variantNumber(values.variant),
    engine: values.engine,
    pins: Object.fromEntries(values.pin.map(pinOf)),
    search: values.search,
    versionAsOf: Object.fromEntries(values["version-as-of"].map(versionOf)),
    timestampAsOf: values["timestamp-as-of"],
  };
}

function assertWords(command: Command, words: string[]): void {
  const wanted: readonly string[] = WORDS[command];
  if (command === "import" && words[0] !== undefined && words[0] !== "feast")
    throw new UsageError(`import takes registries of feast, not of ${words[0]}: tributary import feast FILE`);
  const usage = `tributary ${[command, ...wanted.map((word) => (OPTIONAL[command] ? `[${word}]` : word))].join(" ")}`;
  const missing = wanted[words.length];
  const of: Record<string, string> = { DIR: "a folder", FILE: "a file", KIND: "a kind", NAME: "a name", PIPELINE: "a pipeline", feast: "the word feast" }; // prettier-ignore
  if (missing !== undefined && !OPTIONAL[command]) throw new UsageError(`${command} needs ${of[missing]}: ${usage}`);
  if (words.length > wanted.length) {
    const [one] = wanted;
    const takes = wanted.length === 1 && one ? (of[one] ?? "").replace(/^a /, "one ") : wanted.length === 0 ? "no words" : wanted.join(" and "); // prettier-ignore
    throw new UsageError(`${command} takes ${takes}; found ${words.slice(wanted.length).join(" ")} as well.`);
  }
}

function variantNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--variant must be a whole number from 0, not ${text}.`);
  return Number(text);
}

function rowsOf(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new UsageError(`--rows must be a whole number from 1, not ${text}.`);
  return Number(text);
}

function sourceOf(text: string): [source: string, file: string] {
  const [, source, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!source || !file) throw new UsageError(`--source must be NAME=FILE, not ${text}.`);
  return [source, file];
}

function pinOf(text: string): [column: string, stage: string] {
  const [, column, stage] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (!column || !stage) throw new UsageError(`--pin must be COLUMN=STAGE, not ${text}.`);
  return [column, stage];
}

function versionOf(text: string): [source: string, version: number] {
  const [, source, version] = /^([^=]+)=(\d{1,9})$/.exec(text) ?? [];
  if (!source || !version) throw new UsageError(`--version-as-of must be SOURCE=N, not ${text}.`);
  return [source, Number(version)];
}

function parse(argv: string[]) {
  return parseWords(argv, {
    workspace: { type: "string" },
    server: { type: "string" },
    token: { type: "string" },
    prune: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    "detailed-exitcode": { type: "boolean", default: false },
    stage: { type: "string" },
    junit: { type: "string" },
    integration: { type: "boolean", default: false },
    rows: { type: "string" },
    source: { type: "string", multiple: true, default: [] },
    out: { type: "string" },
    project: { type: "string" },
    connection: { type: "string" },
    target: { type: "string", multiple: true, default: [] },
    yes: { type: "boolean", default: false },
    variant: { type: "string" },
    engine: { type: "string" },
    pin: { type: "string", multiple: true, default: [] },
    search: { type: "string" },
    "version-as-of": { type: "string", multiple: true, default: [] },
    "timestamp-as-of": { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
}

/** Options and the words beside them. Throws UsageError for an option that there is not. */
export function parseWords<Options extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: Options) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
