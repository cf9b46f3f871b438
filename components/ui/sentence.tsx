import { Code } from "@mantine/core";
import { Fragment } from "react";

/** A sentence of the rules: names between backticks become code, and a midnight in UTC becomes its day. */
export function Sentence({ text }: { text: string }) {
  const parts = text.replaceAll(/(\d{4}-\d{2}-\d{2})T00:00:00(?:\.000)?Z/g, "$1").split("`");
  return parts.map((part, index) =>
    index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
  );
}
