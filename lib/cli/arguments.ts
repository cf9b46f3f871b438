import { parseArgs } from "node:util";
import { nearest } from "@/lib/domain/names/nearest-name";

const COMMANDS = ["plan", "apply", "export", "test", "inspect"] as const;
/** Commands whose words come after them; lib/cli/people.ts reads those. */
export const SUBJECTS = ["people", "workspaces"] as const;

export interface Arguments {
  command: (typeof COMMANDS)[number];
  /** Of inspect, a file or a pattern. */
  directory: string;
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
}

export const USAGE = `Usage: tributary <command> DIR [options]
       tributary people|workspaces <action> [options]

Commands
  plan DIR     show what applying the spec files under DIR would change
  apply DIR    apply them, all or nothing
  export DIR   write the workspace to DIR as spec files
  test DIR     run the tests of the stages in the spec files, on this machine and without a registry
  inspect FILE print the Entity and the Source that a file, folder or pattern would be declared as,
               with what is doubtful on standard error; --json prints all that was found

  people list                            who has which role in --workspace, and who is invited
  people invite EMAIL NAME --roles R,R   print a link that makes the account, once and within 7 days
  people roles EMAIL R,R                 set all roles of a person in --workspace
  people disable|enable|remove EMAIL     close or open the account; remove it from --workspace
  workspaces list                        every workspace, archived ones included
  workspaces create NAME                 with its first administrator: --admin EMAIL --admin-name NAME
  workspaces archive|restore NAME        nothing in an archived workspace changes or runs

Options
  --workspace NAME      the workspace; not needed where a document of kind Workspace names it
  --prune               retire what the workspace has and the files have not
  --json                print JSON instead of text
  --detailed-exitcode   plan: end with 3 when there are differences
  --roles R,R           people invite: roles such as author,steward (viewer when left out)
  --title TEXT          workspaces create: name for people
  --admin EMAIL         workspaces create: the first administrator, with --admin-name NAME
  --stage NAME          test: only this stage
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
  const [command, directory, ...rest] = positionals;
  const known = COMMANDS.find((one) => one === command);
  if (!known) {
    const near = nearest(command ?? "", [...COMMANDS, ...SUBJECTS]);
    throw new UsageError(
      command === undefined
        ? "The command is missing."
        : `There is no command ${command}.${near ? ` Did you mean ${near}?` : ""}`,
    );
  }
  const what = known === "inspect" ? "file" : "folder";
  if (directory === undefined)
    throw new UsageError(`${known} needs a ${what}: tributary ${known} ${what === "file" ? "FILE" : "DIR"}`);
  if (rest.length > 0) throw new UsageError(`${known} takes one ${what}; found ${rest.join(" ")} as well.`);
  if (known === "export" && !values.workspace) throw new UsageError("export needs --workspace NAME.");
  for (const option of ["stage", "junit"] as const)
    if (values[option] !== undefined && known !== "test") throw new UsageError(`--${option} belongs to test.`);
  return {
    command: known,
    directory,
    workspace: values.workspace,
    server: values.server,
    token: values.token,
    prune: values.prune,
    json: values.json,
    detailedExitCode: values["detailed-exitcode"],
    stage: values.stage,
    junit: values.junit,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        workspace: { type: "string" },
        server: { type: "string" },
        token: { type: "string" },
        prune: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        "detailed-exitcode": { type: "boolean", default: false },
        stage: { type: "string" },
        junit: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
