import { Button, Table, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { FeatureProfile } from "@/lib/contracts/feature-detail";
import { csvLine } from "@/lib/domain/csv";
import { WideTable } from "@/components/ui/wide-table";
import classes from "./distributions.module.css";
import { figuresOf } from "./figures";
import { partColour, partName } from "./part-colour";
import { saveCsv } from "@/components/ui/save-file";

/** Figures by part; what should make a reader look twice is marked, with the reason. */
export function StatsTable({ profiles, name }: { profiles: FeatureProfile[]; name: string }) {
  const columns = profiles.map((profile) => ({ profile, figures: figuresOf(profile) }));
  const labels = [...new Set(columns.flatMap(({ figures }) => figures.map((figure) => figure.label)))];
  const toCsv = () =>
    saveCsv(
      `${name}-figures`,
      [
        csvLine(["figure", ...profiles.map((profile) => profile.part)]),
        ...labels.map((label) =>
          csvLine([label, ...columns.map(({ figures }) => figures.find((figure) => figure.label === label)?.value)]),
        ),
      ].join(""),
    );
  return (
    <>
      <WideTable label="Figures by part" minWidth={420}>
        <Table verticalSpacing={4} w="auto" miw={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Figure</Table.Th>
              {profiles.map((profile) => (
                <Table.Th key={profile.part} data-numeric>
                  <span className={classes.legend}>
                    <span className={classes.swatch} style={{ background: partColour(profile.part) }} aria-hidden />
                    {partName(profile.part)}
                  </span>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {labels.map((label) => (
              <Table.Tr key={label}>
                <Table.Th scope="row" fw={400}>
                  {label}
                </Table.Th>
                {columns.map(({ profile, figures }) => {
                  const figure = figures.find((candidate) => candidate.label === label);
                  return (
                    <Table.Td key={profile.part} data-numeric>
                      {figure?.alarm ? (
                        <Tooltip label={figure.alarm}>
                          <span className={classes.alarm} tabIndex={0}>
                            ▲ {figure.text}
                          </span>
                        </Tooltip>
                      ) : (
                        (figure?.text ?? "–")
                      )}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Button size="xs" variant="default" mt="xs" leftSection={<IconDownload size={14} />} onClick={toCsv}>
        CSV
      </Button>
    </>
  );
}
