/** The product's mark: two streams that become one. Decorative; the name stands beside it. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" strokeLinecap="round" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--mantine-color-indigo-7)" />
      <path d="M8 6c0 7 8 6 8 13v7" stroke="#fff" strokeWidth="3" />
      <path d="M24 6c0 7-8 6-8 13" stroke="var(--mantine-color-indigo-2)" strokeWidth="3" />
    </svg>
  );
}
