import {
  createTheme,
  defaultVariantColorsResolver,
  parseThemeColor,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The green of the relay mark, from ground to ink. 7 on white and 3 on the dark ground are above 4.5:1 (WCAG 1.4.3). */
const relais: MantineColorsTuple = [
  '#e6f6f5',
  '#cfe9e7',
  '#a0d3cf',
  '#6dbcb6',
  '#45a9a2',
  '#2c9d95',
  '#158379',
  '#0b6b6b',
  '#06595a',
  '#004647',
];

/** Tinted badges and notices: the kit's own ink on its own tint stays below 4.5:1 for half of the colours. */
const colours: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  const { isThemeColor, color } = parseThemeColor({ color: input.color ?? 'relais', theme: input.theme });
  // Asked for by name, the primary button gets what console.css gives the one that is primary by default.
  if (color === 'relais' && input.variant === 'filled') return { ...resolved, color: 'light-dark(white, #06211f)' };
  if (!isThemeColor || (input.variant !== 'light' && input.variant !== 'outline')) return resolved;
  const ink = `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9) 65%, black), var(--mantine-color-${color}-2))`;
  return { ...resolved, color: ink };
};

export const theme = createTheme({
  variantColorResolver: colours,
  colors: { relais },
  primaryColor: 'relais',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  headings: { fontWeight: '650', textWrap: 'balance' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'always',
});

/** Secondary words keep 4.5:1 on every ground they stand on, which the kit's own grey does not. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#4c5866',
    '--mantine-color-placeholder': '#5b6675',
    '--relais-panel': '#f5f7fa',
    '--mantine-color-error': '#a61e27',
  },
  dark: {
    '--mantine-color-dimmed': '#b4bfcc',
    '--mantine-color-placeholder': '#a3aebb',
    '--relais-panel': '#1b2129',
    '--mantine-color-error': '#ff9ea3',
  },
});
