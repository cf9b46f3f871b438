"use client";

import { Alert, Anchor, Tabs } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { usageQueries } from "@/lib/client/usage";
import type { LeakageMatrix } from "@/lib/contracts/usage";
import { LeakageMatrixTable } from "./leakage-matrix-table";
import { LeakageProofDrawer } from "./leakage-proof-drawer";
import { UsageLedger } from "./usage-ledger";
import { proofParsers, type UsageView, viewParser } from "./usage-filters";
import classes from "./usage.module.css";

/** Who used what on which rows, and whose test score can be trusted. */
export function UsagePage({ workspace }: { workspace: string }) {
  const [{ view }, setView] = useQueryStates(viewParser);
  const [proof, setProof] = useQueryStates(proofParsers, { history: "push" });
  const { data: matrix } = useQuery(usageQueries.matrix(workspace));
  const open = (model: string, about: string | null) => void setProof({ model, about });
  return (
    <>
      {matrix && <Leaks matrix={matrix} onOpen={open} />}
      <Tabs value={view} onChange={(value) => void setView({ view: value as UsageView })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="ledger">Ledger</Tabs.Tab>
          <Tabs.Tab value="matrix">Leakage matrix</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="ledger">
          <UsageLedger workspace={workspace} matrix={matrix ?? null} onOpen={open} />
        </Tabs.Panel>
        <Tabs.Panel value="matrix">{matrix && <LeakageMatrixTable matrix={matrix} onOpen={open} />}</Tabs.Panel>
      </Tabs>
      <LeakageProofDrawer
        modelVersionId={proof.model}
        feature={proof.about}
        onClose={() => void setProof({ model: null, about: null })}
      />
    </>
  );
}

/** The one thing that nobody should overlook here. */
function Leaks({ matrix, onOpen }: { matrix: LeakageMatrix; onOpen: (model: string, about: string | null) => void }) {
  const leaking = matrix.consumers.filter((consumer) => consumer.verdict === "leak");
  if (leaking.length === 0) return null;
  return (
    <Alert
      color="orange"
      icon={<IconAlertTriangle />}
      mb="md"
      title={`${leaking.length} of ${matrix.consumers.length} models ${leaking.length === 1 ? "has" : "have"} a test score that cannot be trusted`}
    >
      <ul className={classes.leaks}>
        {leaking.map((consumer) => {
          const through = matrix.rows.filter((row) =>
            row.cells.some((cell) => cell.modelVersionId === consumer.modelVersionId && cell.verdict === "leak"),
          );
          return (
            <li key={consumer.modelVersionId}>
              {consumer.model} version {consumer.version} through{" "}
              {through.map((row, index) => (
                <span key={`${row.feature}@${row.version}`}>
                  {index > 0 && ", "}
                  <Anchor
                    component="button"
                    type="button"
                    inherit
                    c="inherit"
                    underline="always"
                    onClick={() => onOpen(consumer.modelVersionId, row.feature)}
                  >
                    {row.feature}
                  </Anchor>
                </span>
              ))}
            </li>
          );
        })}
      </ul>
    </Alert>
  );
}
