import {
  Autocomplete,
  createTheme,
  type CSSVariablesResolver,
  DrawerHeader,
  Menu,
  ModalHeader,
  MultiSelect,
  Select,
  TagsInput,
} from "@mantine/core";
import { searchOptions } from "./search-options";

/** Calm and dense: one accent, five sizes of type, spacing in steps of four pixels. */
export const theme = createTheme({
  primaryColor: "indigo",
  // White text on the accent has a contrast of more than 4.5 : 1.
  primaryShade: 8,
  autoContrast: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  colors: {
    dark: [
      "#d5d8dd",
      "#b8bdc6",
      "#9aa1ac",
      "#757c88",
      "#3d434c",
      "#31363e",
      "#272b32",
      "#1c1f24",
      "#17191d",
      "#101215",
    ],
  },
  components: {
    // A menu holds nothing but its items: the keyboard begins at the first of them.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    // Whatever can be typed into finds its options in the one way.
    Autocomplete: Autocomplete.extend({ defaultProps: { filter: searchOptions } }),
    MultiSelect: MultiSelect.extend({ defaultProps: { filter: searchOptions } }),
    Select: Select.extend({ defaultProps: { filter: searchOptions } }),
    TagsInput: TagsInput.extend({ defaultProps: { filter: searchOptions } }),
    // The head of a dialog is not the banner of the page.
    ModalHeader: ModalHeader.extend({ defaultProps: { role: "presentation" } }),
    DrawerHeader: DrawerHeader.extend({ defaultProps: { role: "presentation" } }),
  },
  headings: {
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.3" },
      h2: { fontSize: "1rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
});

/** Text of every tint reads at 4.5 : 1 or better on the page and on its own light fill (WCAG 2.2 AA); the library's defaults do not. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-text": "#1b1e23",
    "--mantine-color-dimmed": "#5b6370",
    "--mantine-color-placeholder": "#69717e",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-anchor": "var(--mantine-color-indigo-8)",
    "--mantine-color-default-border": "var(--mantine-color-gray-3)",
    "--mantine-color-red-text": "var(--mantine-color-red-9)",
    "--mantine-color-teal-text": "var(--mantine-color-teal-9)",
    "--mantine-color-green-text": "#237032",
    "--mantine-color-yellow-text": "#855200",
    "--mantine-color-orange-text": "#a84300",
    "--mantine-color-teal-light-color": "#066649",
    "--mantine-color-green-light-color": "#1f662d",
    "--mantine-color-yellow-light-color": "#734600",
    "--mantine-color-orange-light-color": "#8f3900",
    "--mantine-color-red-light-color": "#a61e1e",
  },
  dark: {
    "--mantine-color-text": "#dfe2e7",
    "--mantine-color-placeholder": "#949ba7",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--mantine-color-anchor": "var(--mantine-color-indigo-3)",
    "--mantine-color-indigo-light": "#262f55",
    "--mantine-color-indigo-light-hover": "#2d3866",
    "--mantine-color-indigo-light-color": "#c3cfff",
    "--mantine-color-indigo-text": "var(--mantine-color-indigo-3)",
  },
});
