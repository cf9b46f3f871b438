/** What a driver tells, read from its file as it grows. What is written twice, or by a driver of an earlier attempt, is read once or never. */
import { open } from "node:fs/promises";
import { z } from "zod";

const Fit = z.object({ rows: z.number(), used: z.number(), seconds: z.number(), learned: z.record(z.string(), z.unknown()) }); // prettier-ignore

const DriverEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("started") }),
  z.object({ kind: z.literal("beat") }),
  z.object({ kind: z.literal("session"), version: z.string(), master: z.string(), seconds: z.number() }),
  z.object({ kind: z.literal("progress"), done: z.number(), total: z.number(), instance: z.string().nullable(), message: z.string() }), // prettier-ignore
  z.object({ kind: z.literal("log"), level: z.enum(["info", "warn", "error"]), message: z.string() }),
  z.object({ kind: z.literal("stage"), instance: z.string(), stage: z.string(), seconds: z.number(), fit: Fit.nullable() }), // prettier-ignore
  z.object({ kind: z.literal("failed"), message: z.string(), code: z.enum(["invalid", "unavailable"]), stage: z.string().optional() }), // prettier-ignore
  z.object({ kind: z.literal("done") }),
]);

export type DriverEvent = z.infer<typeof DriverEvent>;

const Envelope = z.object({ number: z.number().int(), attempt: z.string() });

/** Events of one attempt, each once. */
export class DriverEvents {
  private offset = 0;
  private rest = "";
  private last = 0;

  constructor(
    private readonly file: string,
    private readonly attempt: string,
  ) {}

  /** Those that came since the last call; none while there is no file. Throws on a whole line that is no event. */
  async read(): Promise<DriverEvent[]> {
    return this.take(await this.readOn());
  }

  /** @param text what follows the text of the last call */
  take(text: string): DriverEvent[] {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => {
      if (line === "") return [];
      const json: unknown = JSON.parse(line);
      const { number, attempt } = Envelope.parse(json);
      if (attempt !== this.attempt || number <= this.last) return [];
      this.last = number;
      return [DriverEvent.parse(json)];
    });
  }

  private async readOn(): Promise<string> {
    const handle = await open(this.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (!handle) return "";
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.max(0, size - this.offset));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.offset);
      // A letter of several bytes is whole when its line is.
      const whole = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
      this.offset += whole;
      return buffer.subarray(0, whole).toString();
    } finally {
      await handle.close();
    }
  }
}
