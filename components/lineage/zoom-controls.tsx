import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFocusCentered, IconMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import classes from "./lineage-canvas.module.css";

export interface ZoomActions {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  home: (() => void) | null;
}

export function ZoomControls({ zoomIn, zoomOut, fit, home }: ZoomActions) {
  const buttons = [
    { label: "Zoom in", keys: "+", icon: IconPlus, act: zoomIn },
    { label: "Zoom out", keys: "−", icon: IconMinus, act: zoomOut },
    { label: "Show everything", keys: "0", icon: IconMaximize, act: fit },
    ...(home ? [{ label: "Back to the focus", keys: "Home", icon: IconFocusCentered, act: home }] : []),
  ];
  return (
    <div className={classes.controls}>
      {buttons.map(({ label, keys, icon: Icon, act }) => (
        <Tooltip key={label} label={`${label} (${keys})`} position="right">
          <ActionIcon variant="default" size={28} aria-label={label} onClick={act}>
            <Icon size={16} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
