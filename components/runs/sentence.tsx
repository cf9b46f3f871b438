import { Code } from "@mantine/core";

/** Words with names between backticks, as the rules write them, with the names set as code. */
export function Sentence({ text }: { text: string }) {
  return text.split("`").map((piece, index) => (index % 2 === 1 ? <Code key={index}>{piece}</Code> : piece));
}
