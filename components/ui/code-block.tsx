"use client";

import { ActionIcon, Code, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Code that can be taken: a block with a copy button. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div style={{ position: "relative" }}>
      <Code block tabIndex={0} aria-label={label} style={{ paddingRight: 44 }}>
        {code}
      </Code>
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : "Copy"}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={`Copy ${label}`}
              style={{ position: "absolute", top: 6, right: 6 }}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
