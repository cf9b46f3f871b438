import { Anchor, List, Text, Title } from "@mantine/core";
import Link from "next/link";
import { ObjectLink } from "@/components/definitions/object-link";
import type { FeatureDetail, ReadingModel } from "@/lib/contracts/feature-detail";
import { StateBadge } from "@/components/ui/state-badge";
import { describeTtl } from "@/lib/domain/definitions/describe-definition";

/** Who reads a feature: models with their verdicts, views and services, stages. */
export function FeatureReaders({ feature }: { feature: FeatureDetail }) {
  const models = new Map<string, ReadingModel>();
  for (const strategy of feature.strategies) for (const model of strategy.models) models.set(model.model, model);
  const isUnread = models.size + feature.views.length + feature.readers.length === 0;
  return (
    <section>
      <Title order={2} mb="xs">
        Readers
      </Title>
      {isUnread && (
        <Text size="sm" c="dimmed">
          No readers yet.
        </Text>
      )}
      <List size="sm" spacing={6} listStyleType="none">
        {[...models.values()].map((model) => (
          <List.Item key={model.model}>
            model{" "}
            <Anchor component={Link} fz="inherit" underline="always" href={`/models/${model.model}`}>
              {model.model}
            </Anchor>{" "}
            v{model.version} reads v{model.featureVersion} <StateBadge state={model.verdict} />
          </List.Item>
        ))}
        {feature.views.map((view) => (
          <List.Item key={view.view}>
            view{" "}
            <Anchor component={Link} fz="inherit" underline="always" href={`/views/${view.view}`}>
              {view.view}
            </Anchor>{" "}
            ({view.online ? "online" : "offline"}, {describeTtl(view.ttlSeconds)})
            {view.services.length > 0 && ", for service "}
            {view.services.map((service, index) => (
              <span key={service}>
                {index > 0 && ", "}
                <ObjectLink kind="FeatureService" name={service} />
              </span>
            ))}
          </List.Item>
        ))}
        {feature.readers.map((reader) => (
          <List.Item key={reader.stage}>
            stage{" "}
            <Anchor component={Link} fz="inherit" underline="always" href={`/stages/${reader.stage}`}>
              {reader.stage}
            </Anchor>
            {reader.role === "fitInput" && " (to fit only)"}{" "}
            <Text span size="xs" c="dimmed">
              makes {reader.outputs.join(", ")}
            </Text>
          </List.Item>
        ))}
      </List>
    </section>
  );
}
