/** Drivers that are no Spark: scripts that tell what a driver could tell, by the real submitter. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAlive } from "@/lib/config/is-alive";
import { quietControl } from "../local/make-plan.test-support";
import { drive } from "./drive";
import { DriverEvents } from "./driver-events";
import { sparkSubmit, submitArguments } from "./spark-submit";

const LIMITS = { pollMs: 20, silenceMs: 2000, startMs: 5000 };
const told = (number: number, kind: string, more: object = {}, attempt = "a") =>
  JSON.stringify({ number, attempt, kind, ...more });
const STAGE = { instance: "s@1", stage: "s", seconds: 1, fit: null };

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "tributary-drive-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `script`, a shell's, as spark-submit: $EVENTS is the events file. */
function driveScript(script: string, control = quietControl()) {
  const program = path.join(folder, "submit.sh");
  const files = { attempt: "a", events: path.join(folder, "events.jsonl"), lease: path.join(folder, "lease") };
  writeFileSync(program, `#!/bin/sh\nEVENTS='${files.events}'\necho $$ > '${folder}/pid'\n${script}\n`);
  chmodSync(program, 0o755);
  const submitter = sparkSubmit({ program, home: null, python: null, master: "local", jars: [], properties: null }, "/root"); // prettier-ignore
  return drive(submitter, { plan: path.join(folder, "plan.json"), folder, name: "test" }, files, control, LIMITS);
}
const say = (...lines: string[]) => lines.map((line) => `echo '${line}' >> "$EVENTS"`).join("\n");
/** A process that has ended and that nobody has asked about yet does not run. */
const isRunning = (id: number) => isAlive(id) && !/^\d+ \(.*\) Z/.test(statOf(id));
const statOf = (id: number) => (existsSync(`/proc/${id}/stat`) ? readFileSync(`/proc/${id}/stat`, "utf8") : "");
const pid = (name = "pid") => Number(readFileSync(path.join(folder, name), "utf8"));

describe.skipIf(process.platform === "win32")("a driver", () => {
  it("tells of stages, each once however often it is told, and not of those of another attempt", async () => {
    const control = quietControl();
    const counted: string[] = [];
    const stages = await driveScript(
      say(
        told(1, "started"),
        told(2, "stage", { ...STAGE, instance: "other@1" }, "earlier"),
        told(2, "stage", STAGE),
        told(2, "stage", STAGE),
        told(3, "stage", { ...STAGE, seconds: 9 }),
        told(4, "log", { level: "warn", message: "careful" }),
        told(5, "done"),
        told(5, "done"),
        told(6, "failed", { message: "too late", code: "invalid" }),
      ),
      Object.assign(control, { stage: ({ instance }: { instance: string }) => void counted.push(instance) }),
    );
    expect([...stages].map(([key, { seconds }]) => [key, seconds])).toEqual([["s@1", 1]]);
    expect(counted).toEqual(["s@1"]);
    expect(control.messages).toContain("warn: careful");
  });

  it.each([
    ["a stage that refuses its rows", say(told(1, "failed", { message: "Stage s: nothing to fit on.", code: "invalid", stage: "s" })), "invalid", /^Stage s: nothing to fit on\.$/], // prettier-ignore
    ["an error of Spark", say(told(1, "failed", { message: "[DIVIDE_BY_ZERO]", code: "invalid" })), "invalid", /^Spark failed: \[DIVIDE_BY_ZERO\] Nothing was published\.$/], // prettier-ignore
    ["a lost connection", say(told(1, "failed", { message: "Connection refused", code: "unavailable" })), "unavailable", /^Spark was lost: Connection refused/], // prettier-ignore
    ["an end before it was done", `${say(told(1, "started"))}\necho 'fine'; echo 'java.lang.OutOfMemoryError: heap'; exit 3`, "unavailable", /^Spark's driver ended \(exit code 3\) before it was done\. It printed: java\.lang\.OutOfMemoryError: heap Nothing was published\.$/], // prettier-ignore
    ["a kill", `${say(told(1, "started"))}\nkill -9 $$`, "unavailable", /ended \(signal SIGKILL\) before it was done/],
    ["silence", `${say(told(1, "started"))}\nsleep 60`, "unavailable", /told nothing for 2 seconds/],
    ["no word at all", "sleep 60", "unavailable", /did not begin within 5 seconds/],
  ])("ends with %s, and nothing of it is left", async (_, script, code, message) => {
    const error: unknown = await driveScript(script).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(isAlive(pid())).toBe(false);
  });

  it("is stopped with all that it started when the run is canceled", async () => {
    const abort = new AbortController();
    const going = driveScript(`sleep 60 &\necho $! > '${folder}/child'\n${say(told(1, "started"))}\nwait`, quietControl(abort.signal)); // prettier-ignore
    const ended = expect(going).rejects.toMatchObject({ code: "canceled" });
    while (!existsSync(path.join(folder, "events.jsonl"))) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort("canceled");
    await ended;
    expect(isAlive(pid())).toBe(false);
    // It is nobody's child any more, and gone when the system has taken notice.
    await vi.waitFor(() => expect(isRunning(pid("child"))).toBe(false));
  });

  it("finds a program that is not there", async () => {
    const submitter = sparkSubmit({ program: path.join(folder, "none"), home: null, python: null, master: "local", jars: [], properties: null }, "/root"); // prettier-ignore
    await expect(submitter.submit({ plan: "", folder, name: "" })).rejects.toMatchObject({ code: "unavailable" });
  });
});

it("is submitted with what the plans rest on, after what somebody sets", () => {
  const settings = { program: "", home: null, python: null, master: "spark://h:7077", jars: ["/a.jar", "/b.jar"], properties: "/p.conf" }; // prettier-ignore
  const said = submitArguments(settings, "/root", "tributary", "/plan.json");
  expect(said.slice(0, 8)).toEqual(["--master", "spark://h:7077", "--name", "tributary", "--properties-file", "/p.conf", "--jars", "/a.jar,/b.jar"]); // prettier-ignore
  expect(said).toContain("spark.sql.ansi.enabled=true");
  expect(said).toContain("spark.sql.session.timeZone=UTC");
  expect(said.slice(-2)).toEqual(["/root/dist/tributary_driver.py", "/plan.json"]);
});

it("is heard in whole lines, and what is no event is an error", () => {
  const events = new DriverEvents("", "a");
  const line = told(1, "log", { level: "info", message: "é" });
  expect(events.take(line.slice(0, 10))).toEqual([]);
  expect(events.take(`${line.slice(10)}\n`)).toEqual([{ kind: "log", level: "info", message: "é" }]);
  expect(() => events.take(`${told(2, "dance")}\n`)).toThrow();
  expect(() => events.take("not json\n")).toThrow();
});
