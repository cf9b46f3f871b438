"use client";

import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { Sentence } from "@/components/ui/sentence";
import { WideTable } from "@/components/ui/wide-table";
import { VerdictMark } from "@/components/usage/verdict-mark";
import type { TrainingVerdict } from "@/lib/contracts/training-datasets";
import { SEVERITIES } from "@/lib/domain/leakage/codes";
import classes from "./training.module.css";

/** Every feature against the test rows, the worst first. */
export function FeatureVerdicts({ verdicts }: { verdicts: readonly TrainingVerdict[] }) {
  if (verdicts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing was judged: there are no test rows. Choose a split policy with a part for test.
      </Text>
    );
  const rank = ({ severity }: TrainingVerdict) => SEVERITIES.indexOf(severity);
  return (
    <WideTable label="Verdicts" minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Feature</Table.Th>
            <Table.Th>Verdict</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {verdicts
            .toSorted((one, other) => rank(other) - rank(one))
            .map(({ name, feature, version, verdict, severity, explanation }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Anchor component={Link} href={`/features/${encodeURIComponent(feature)}`} inherit>
                    {feature}
                  </Anchor>{" "}
                  v{version}
                </Table.Td>
                <Table.Td>
                  <VerdictMark verdict={verdict} severity={severity} />
                </Table.Td>
                <Table.Td className={classes.why}>
                  {explanation.map((text) => (
                    <div key={text}>
                      <Sentence text={text} />
                    </div>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
