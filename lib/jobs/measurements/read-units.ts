import type { UnitRows } from "@/lib/domain/leakage/unit-keys";
import type { LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { Engine } from "@/lib/engines/engine";
import { loadPolicyVersion } from "@/lib/registry/definitions/policy-version";
import { findUnitRows, type RowsOwner } from "@/lib/registry/measurements/unit-rows";
import { ensureAssignment } from "../run/assign-rows";

type ReadableRows = { isThere: true; rows: UnitRows[] } | { isThere: false; reason: string };

/** Row-sets that an engine can read now; an assignment whose file was lost is made again. */
export async function readableRows(
  owner: RowsOwner,
  input: LeakageInput,
  rowSet: RowSet,
  engine: Engine,
  control: RunControl,
): Promise<ReadableRows> {
  const found = await findUnitRows(owner, input, rowSet);
  if (!found.isThere) return found;
  const rows: UnitRows[] = [];
  for (const { assigned, ...one } of found.rows) {
    if (assigned) {
      const policy = await loadPolicyVersion(assigned.policy.definitionVersionId);
      await ensureAssignment(assigned, { policy, ...one }, "system", engine, control);
    }
    rows.push(one);
  }
  return { isThere: true, rows };
}
