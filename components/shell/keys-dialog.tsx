"use client";

import { Kbd, Modal } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { DESTINATIONS } from "./destinations";
import classes from "./shell.module.css";

/** The keys that work on every page. */
export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const mod = useOs() === "macos" ? "⌘" : "Ctrl";
  const rows: [what: string, keys: string[]][] = [
    ["Find anything", [mod, "K"]],
    ["This list", ["?"]],
    ["Fold the navigation", ["["]],
    ...DESTINATIONS.flat().map(({ label, key }): [string, string[]] => [`Go to ${label}`, ["g", key]]),
  ];
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" closeButtonProps={{ "aria-label": "Close" }}>
      <table className={classes.keys}>
        <tbody>
          {rows.map(([what, keys]) => (
            <tr key={what}>
              <td>{what}</td>
              <td>
                {keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 && " "}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
