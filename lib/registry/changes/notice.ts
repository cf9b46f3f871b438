import type { Notice } from "../notifications/announce";

/** What channels are told of a request. */
export function changeNotice(
  event: Notice["event"],
  { number, title }: { number: number; title: string },
  happened: string,
  data: Notice["data"],
): Notice {
  return {
    event,
    object: `change/${number}`,
    path: `/changes/${number}`,
    summary: `Change request ${number} was ${happened}. ${title}.`,
    data: { number, title, ...data },
  };
}
