import { Fragment } from "react";

/** A name of the product that may go on in the next line after a dot or an underscore, and not in the middle of a word. */
export function BreakableName({ name }: { name: string }) {
  return name.split(/(?<=[._])/).map((part, at) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
