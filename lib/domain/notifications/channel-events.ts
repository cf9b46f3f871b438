/** What a notification channel can be told of, with words for those who choose. */
export const CHANNEL_EVENTS = {
  "alert.opened": "a monitor opens an alert",
  "alert.acknowledged": "someone acknowledges an alert",
  "alert.resolved": "an alert is resolved, automatically or by hand",
  "dataset.quarantined":
    "a critical rule fails, or a monitor finds a critical drift, and the dataset version is quarantined",
  "dataset.released": "a dataset version leaves quarantine",
  "change.opened": "a change request is opened",
  "change.decided": "someone approves, rejects or asks for changes",
  "change.applied": "a change request is applied",
  "run.failed": "a run fails",
  "view.not_materialised": "the values of a run cannot be served; the online values stay",
  "skew.found": "values online differ from the values offline",
} as const;

export type ChannelEvent = keyof typeof CHANNEL_EVENTS;

export const CHANNEL_EVENT_NAMES = Object.keys(CHANNEL_EVENTS) as [ChannelEvent, ...ChannelEvent[]];

/** Sent by a person who wants to see that a channel works; no channel subscribes to it. */
export const TEST_EVENT = "channel.test";

/** An invitation into a workspace, which goes to the invited address and to no channel. */
export const INVITATION_EVENT = "person.invited";

/** What a message says, whatever way it goes. Stored with the message; `id` is added when it is sent. */
export interface NoticePayload {
  event: ChannelEvent | typeof TEST_EVENT | typeof INVITATION_EVENT;
  /** ISO instant of the change. */
  at: string;
  workspace: string;
  /** Kind and name, such as `alert/12`. */
  object: string;
  /** Page of the portal that shows it. */
  url: string;
  /** A secret link that takes the place of `url` when the message is sent, sealed for the id of the object. */
  sealedUrl?: string;
  /** One sentence. */
  summary: string;
  data: Record<string, unknown>;
}
