"use client";

import { Text, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import {
  IconActivityHeartbeat,
  IconArrowsSplit2,
  IconBox,
  IconBulb,
  IconColumns3,
  IconDatabase,
  IconGitPullRequest,
  IconKey,
  IconKeyboard,
  IconLayersIntersect,
  IconPlayerPlay,
  IconRoute,
  IconSearch,
  IconSitemap,
  IconTable,
  IconTransform,
  IconUser,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ComponentType, useState } from "react";
import { searchQueries } from "@/lib/client/search";
import { SEARCH_KINDS, type SearchHit, type SearchKind } from "@/lib/contracts/search";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { searchList } from "@/lib/domain/search/search-list";
import { type Action, actionsFor } from "./actions";
import classes from "./command-palette.module.css";
import { DESTINATIONS } from "./destinations";
import { leave } from "./leave";

export const openCommandPalette = () => spotlight.open();

type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>;

const KINDS: Record<SearchKind, { label: string; icon: Icon }> = {
  feature: { label: "Features", icon: IconColumns3 },
  stage: { label: "Stages", icon: IconSitemap },
  source: { label: "Sources", icon: IconDatabase },
  dataset: { label: "Datasets", icon: IconTransform },
  view: { label: "Feature views", icon: IconTable },
  entity: { label: "Entities", icon: IconKey },
  service: { label: "Feature services", icon: IconLayersIntersect },
  split_policy: { label: "Split policies", icon: IconArrowsSplit2 },
  pipeline: { label: "Pipelines", icon: IconRoute },
  monitor: { label: "Monitors", icon: IconActivityHeartbeat },
  model: { label: "Models", icon: IconBox },
  run: { label: "Runs", icon: IconPlayerPlay },
  change: { label: "Changes", icon: IconGitPullRequest },
  experiment: { label: "Experiments", icon: IconBulb },
  person: { label: "People", icon: IconUser },
};

/** Long enough that a quick writer asks once per word, short enough that nobody waits. */
const DEBOUNCE_MS = 120;

/** Finds any page, object and action by a few letters. */
export function CommandPalette({
  workspace,
  roles,
  onKeys,
}: {
  workspace: string;
  roles: readonly Role[];
  onKeys: () => void;
}) {
  const router = useRouter();
  const { setColorScheme } = useMantineColorScheme();
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query, DEBOUNCE_MS);
  const { data, error, isFetching } = useQuery(searchQueries.words(workspace, asked.trim()));

  const pages = [
    ...DESTINATIONS.flat()
      .filter(({ verb }) => !verb || can(roles, verb))
      .map(({ href, label, about, icon }) => ({ name: label, detail: about, icon, go: () => router.push(href) })),
    { name: "Keys", detail: "Keyboard shortcuts", icon: IconKeyboard as Icon, go: onKeys },
  ];
  const empty = query.trim() === "";
  const shownPages = searchList(pages, query, ({ name, detail }) => ({ name, texts: [detail] }));
  const shownActions = searchList(actionsFor(roles), query, ({ name, detail }) => ({ name, texts: [detail] }));
  const begin = ({ href, theme, leaves }: Pick<Action, "href" | "theme" | "leaves">) => {
    if (href !== undefined) router.push(href);
    if (theme !== undefined) setColorScheme(theme);
    if (leaves) void leave();
  };
  const hits = empty || !data ? [] : data.items;
  const settled = !isFetching && asked === query;

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      tagsToIgnore={[]}
      size={600}
      classNames={{
        content: classes.content,
        search: classes.search,
        actionsList: classes.list,
        actionBody: classes.body,
        actionDescription: classes.detail,
      }}
      attributes={{ content: { "aria-label": "Find anything" } }}
    >
      <Spotlight.Search
        placeholder="Find features, stages, runs, people, pages, actions …"
        aria-label="Find anything"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {error && !empty && (
          <Text size="sm" role="alert" className={classes.message}>
            The search failed: {error.message} Pages can still be found.
          </Text>
        )}
        {SEARCH_KINDS.map((kind) => (
          <Hits
            key={kind}
            kind={kind}
            hits={hits.filter((hit) => hit.kind === kind)}
            onGo={(href) => router.push(href)}
          />
        ))}
        {shownPages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {shownPages.map(({ name, detail, icon: Icon, go }) => (
              <Spotlight.Action
                key={name}
                label={name}
                description={detail}
                leftSection={<Icon size={18} stroke={1.6} />}
                onClick={go}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {shownActions.length > 0 && (
          <Spotlight.ActionsGroup label="Actions">
            {shownActions.map(({ name, detail, icon: Icon, ...action }) => (
              <Spotlight.Action
                key={name}
                label={name}
                description={detail}
                leftSection={<Icon size={18} stroke={1.6} />}
                onClick={() => begin(action)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {!empty && !error && hits.length === 0 && shownPages.length === 0 && shownActions.length === 0 && (
          <Spotlight.Empty>
            {settled ? `No match for “${query.trim()}”. Try fewer letters.` : "Searching …"}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
      <div className={classes.footer}>
        <span>
          {!empty && data && data.total > data.items.length && `${data.items.length} of ${data.total} shown. `}↑ ↓
          choose, Enter opens, Esc closes
        </span>
      </div>
    </Spotlight.Root>
  );
}

function Hits({ kind, hits, onGo }: { kind: SearchKind; hits: SearchHit[]; onGo: (href: string) => void }) {
  if (hits.length === 0) return null;
  const { label, icon: Icon } = KINDS[kind];
  return (
    <Spotlight.ActionsGroup label={label}>
      {hits.map(({ name, detail, href }) => (
        <Spotlight.Action
          key={`${href} ${name}`}
          label={name}
          description={detail}
          leftSection={<Icon size={18} stroke={1.6} />}
          onClick={() => onGo(href)}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}
