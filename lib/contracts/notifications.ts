import { z } from "zod";
import { CHANNEL_EVENT_NAMES } from "@/lib/domain/notifications/channel-events";
import { Instant, listOf, operation, Page, WorkspaceBody, WorkspaceQuery } from "./operation";

export const CHANNEL_KINDS = ["webhook", "email"] as const;
export const CHANNEL_FORMATS = ["tributary", "slack"] as const;

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, { error: "expected a name such as on_call: small letters, digits and _" })
  .describe("Name of the channel.");
const Target = z
  .string()
  .trim()
  .min(1, { error: "expected an address" })
  .max(2000, { error: "expected at most 2,000 characters" });
const Format = z
  .enum(CHANNEL_FORMATS)
  .describe("Body of a webhook: `tributary` as documented, or `slack` for Slack and what understands its messages.");
const Events = z
  .array(z.enum(CHANNEL_EVENT_NAMES))
  .min(1, { error: "choose at least one event" })
  .describe("What it is told of.");

export const NotificationChannel = z
  .object({
    name: z.string().describe("Name."),
    kind: z.enum(CHANNEL_KINDS).describe("How it is told."),
    target: z.string().describe("Address of the webhook, or e-mail addresses separated by commas."),
    format: Format,
    events: Events,
    active: z
      .boolean()
      .describe("False while it is paused: nothing new is written for it and what waits goes on waiting."),
    createdAt: Instant.describe("When it was made."),
    createdBy: z.string().describe("Name of who made it."),
    updatedAt: Instant.describe("When it was changed last."),
    waiting: z.number().int().describe("Messages that wait for delivery."),
    failed: z.number().int().describe("Messages in the delivery log that were given up."),
    lastSentAt: Instant.nullable().describe("Last delivery that went well; null for none in the log."),
    lastError: z.string().nullable().describe("What the newest message that waits or was given up ran into."),
  })
  .meta({ id: "NotificationChannel", description: "Where events of a workspace are told." });
export type NotificationChannel = z.infer<typeof NotificationChannel>;

const Revealed = z
  .object({
    channel: NotificationChannel.describe("The channel."),
    secret: z
      .string()
      .nullable()
      .describe("Secret that signs its webhooks, shown this once; null for e-mail, which is not signed."),
  })
  .meta({ id: "RevealedChannel", description: "A channel with the secret that was just made for it." });
export type RevealedChannel = z.infer<typeof Revealed>;

export const Delivery = z
  .object({
    id: z
      .uuid()
      .describe("Id of the message; the same in every attempt, and what a webhook has as `Tributary-Delivery`."),
    event: z.string().describe("What it tells."),
    object: z.string().describe("What it is about."),
    summary: z.string().describe("What it says in a sentence."),
    target: z.string().describe("Where it goes."),
    state: z.enum(["pending", "sent", "failed"]).describe("Whether it waits, was delivered or was given up."),
    attempts: z.number().int().describe("Attempts so far."),
    lastError: z.string().nullable().describe("Why the last attempt failed; null when it did not."),
    createdAt: Instant.describe("When its cause happened."),
    nextAttemptAt: Instant.nullable().describe("Next attempt; null when there is none."),
    sentAt: Instant.nullable().describe("When it was delivered."),
  })
  .meta({ id: "NotificationDelivery", description: "One message of a channel." });
export type Delivery = z.infer<typeof Delivery>;

const ChannelParams = z.object({ name: Name });

export const listChannels = operation({
  id: "listNotificationChannels",
  method: "GET",
  path: "/api/v1/notification-channels",
  summary: "The notification channels of a workspace, by name.",
  tag: "notifications",
  query: WorkspaceQuery,
  response: listOf(NotificationChannel, "channels").meta({
    id: "NotificationChannelList",
    description: "Channels by name.",
  }),
});

export const CreateChannel = WorkspaceBody.extend({
  name: Name,
  kind: z.enum(CHANNEL_KINDS).describe("How it is told."),
  target: Target.describe("Address of the webhook, or e-mail addresses separated by commas."),
  format: Format.default("tributary"),
  events: Events,
}).meta({ id: "CreateNotificationChannel", description: "A channel to make." });

export const createChannel = operation({
  id: "createNotificationChannel",
  method: "POST",
  path: "/api/v1/notification-channels",
  summary: "Makes a notification channel. The signing secret of a webhook is in this answer only.",
  tag: "notifications",
  body: CreateChannel,
  response: Revealed,
  status: 201,
});

export const getChannel = operation({
  id: "getNotificationChannel",
  method: "GET",
  path: "/api/v1/notification-channels/{name}",
  summary: "One notification channel.",
  tag: "notifications",
  params: ChannelParams,
  query: WorkspaceQuery,
  response: NotificationChannel,
});

export const updateChannel = operation({
  id: "updateNotificationChannel",
  method: "PATCH",
  path: "/api/v1/notification-channels/{name}",
  summary: "Changes address, format or events of a channel, or pauses it. What waits goes to the new address.",
  tag: "notifications",
  params: ChannelParams,
  body: WorkspaceBody.extend({
    target: Target.optional().describe("Address of the webhook, or e-mail addresses separated by commas."),
    format: Format.optional(),
    events: Events.optional(),
    active: z.boolean().optional().describe("False pauses it."),
  }),
  response: NotificationChannel,
});

export const deleteChannel = operation({
  id: "deleteNotificationChannel",
  method: "DELETE",
  path: "/api/v1/notification-channels/{name}",
  summary: "Removes a channel. What waits for it is given up.",
  tag: "notifications",
  params: ChannelParams,
  query: WorkspaceQuery,
  response: NotificationChannel,
});

export const rotateSecret = operation({
  id: "rotateNotificationSecret",
  method: "POST",
  path: "/api/v1/notification-channels/{name}/secret",
  summary: "Makes a new signing secret. Everything sent from now on is signed with it; the old one is gone.",
  tag: "notifications",
  params: ChannelParams,
  body: WorkspaceBody,
  response: Revealed,
});

export const testChannel = operation({
  id: "testNotificationChannel",
  method: "POST",
  path: "/api/v1/notification-channels/{name}/test",
  summary: "Sends a test message; the delivery log says how it went.",
  tag: "notifications",
  params: ChannelParams,
  body: WorkspaceBody,
  response: listOf(Delivery, "messages").meta({ id: "TestMessages", description: "One message for each address." }),
  status: 202,
});

export const listDeliveries = operation({
  id: "listNotificationDeliveries",
  method: "GET",
  path: "/api/v1/notification-channels/{name}/deliveries",
  summary: "The delivery log of a channel, newest first.",
  tag: "notifications",
  params: ChannelParams,
  query: WorkspaceQuery.extend(Page.shape).extend({
    state: z.enum(["all", "pending", "sent", "failed"]).default("all").describe("Only messages in this state."),
  }),
  response: listOf(Delivery, "messages").meta({
    id: "NotificationDeliveryList",
    description: "Messages of a channel.",
  }),
});

export const redeliver = operation({
  id: "redeliverNotification",
  method: "POST",
  path: "/api/v1/notification-channels/{name}/deliveries/{id}/redeliver",
  summary: "Sends a message once more, at once, with the same id, to the channel's address as it is now.",
  tag: "notifications",
  params: ChannelParams.extend({ id: z.uuid({ error: "expected a delivery's id" }).describe("Id of the message.") }),
  body: WorkspaceBody,
  response: Delivery,
  status: 202,
});
