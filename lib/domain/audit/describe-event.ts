/** An event of the log as the parts of a sentence: who (known to the caller) did what to what, and where its page is. */
export interface EventSentence {
  /** "started". */
  did: string;
  /** "run 42". */
  object: string;
  /** Path of the object's page; null when it has none. */
  href: string | null;
}

const VERBS: Record<string, string> = {
  "backfill.cancel": "canceled a back-fill of",
  "backfill.create": "began a back-fill of",
  "backfill.end": "ended a back-fill of",
  "backfill.pause": "paused a back-fill of",
  "backfill.resume": "resumed a back-fill of",
  "backfill.retry": "retried a back-fill of",
  "change.open": "opened",
  "change.withdraw": "withdrew",
  "dataset.expire": "removed the kept bytes of",
  "dataset.pin": "pinned a version of",
  "dataset.unpin": "unpinned a version of",
  "dataset.check_fail": "could not check the rules of",
  "deployment.create": "made",
  "feature.promote": "promoted",
  "monitor.backfill": "started a history check by",
  "monitor.baseline": "reset the baseline of",
  "monitor.evaluate": "ran",
  /** Of events of before. */
  "monitor.look": "ran",
  "model.evaluate": "asked for another evaluation of",
  "model.evaluated": "ended another evaluation of",
  "model.alias": "gave its first alias to",
  "model.alias_elsewhere": "moved an alias elsewhere of",
  "run.cancel": "canceled",
  "run.fail": "saw the failure of",
  "retention.set": "set the retention of",
  "run.reproduced": "ended the reproduction of",
  "training.reproduced": "ended the reproduction of",
  "run.retry": "retried",
  "run.start": "started",
  "run.succeed": "finished",
  "spec.apply": "applied",
  "token.create": "made",
  "token.revoke": "revoked",
  "person.create": "added",
  "person.change_password": "changed the password of",
  "person.change_roles": "changed the roles of",
  "person.end_sessions": "ended sessions of",
  "person.renew_invitation": "renewed the invitation of",
  "person.withdraw_invitation": "withdrew the invitation of",
  "group.create": "made",
  "group.update": "changed",
  "workspace.create": "made",
};

/** A review says what was decided. */
const DECISIONS: Record<string, string> = {
  approve: "approved",
  reject: "rejected",
  request_changes: "asked for changes in",
  comment: "commented on",
};

/** What a verb that has no entry of its own becomes: `create` → created, `apply` → applied. */
function past(verb: string): string {
  const plain = verb.replaceAll("_", " ");
  if (plain.endsWith("e")) return `${plain}d`;
  if (/[^aeiou]y$/.test(plain)) return `${plain.slice(0, -1)}ied`;
  return `${plain}ed`;
}

const PAGES: Record<string, (name: string) => string> = {
  feature: (name) => `/features/${encodeURIComponent(name)}`,
  stage: (name) => `/stages/${encodeURIComponent(name)}`,
  source: (name) => `/datasets/${encodeURIComponent(name)}`,
  model: (name) => `/models/${encodeURIComponent(name)}`,
  change: (name) => `/changes/${encodeURIComponent(name)}`,
  deployment: (name) => `/deployments/${encodeURIComponent(name)}`,
  monitor: (name) => `/monitors/${encodeURIComponent(name)}`,
  entity: (name) => `/entities/${encodeURIComponent(name)}`,
  feature_view: (name) => `/views/${encodeURIComponent(name)}`,
  feature_service: (name) => `/services/${encodeURIComponent(name)}`,
  split_policy: (name) => `/split-policies/${encodeURIComponent(name)}`,
  pipeline: (name) => `/pipelines/${encodeURIComponent(name)}`,
  experiment: (name) => `/experiments/${encodeURIComponent(name)}`,
  ab_test: (name) => `/deployments/ab-tests/${encodeURIComponent(name)}`,
  token: () => "/settings",
  person: () => "/settings?tab=people",
  group: () => "/settings?tab=groups",
  workspace: () => "/settings?tab=workspaces",
};

/** Kinds that people write differently. */
const KINDS: Record<string, string> = { ab_test: "A/B test" };

/** `object` is `workspace/kind/name`, as the log writes it; `after` may say more about where something went. */
export function describeEvent(event: { action: string; object: string; after: unknown }): EventSentence {
  const [, kind = "", ...rest] = event.object.split("/");
  const name = rest.join("/");
  const verb = event.action.slice(event.action.indexOf(".") + 1);
  const after = typeof event.after === "object" && event.after !== null ? (event.after as Record<string, unknown>) : {};
  const environment = typeof after.environment === "string" && kind === "feature" ? ` to ${after.environment}` : "";
  return {
    did: DECISIONS[String(after.decision)] ?? VERBS[event.action] ?? past(verb),
    object: nameOf(kind, name, after) + environment,
    href: PAGES[kind]?.(name) ?? null,
  };
}

function nameOf(kind: string, name: string, after: Record<string, unknown>): string {
  // Features name themselves; ids say nothing to a reader.
  if (kind === "feature") return name;
  if (kind === "token") return typeof after.name === "string" ? `the token ${after.name}` : "a token";
  return `${KINDS[kind] ?? kind.replaceAll("_", " ")} ${name}`.trim();
}
