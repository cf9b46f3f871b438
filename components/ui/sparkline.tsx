/** A histogram the size of a word. `counts` are its bins in order; drawn on the server as well, so that nothing jumps. */
export function Sparkline({
  counts,
  width = 72,
  height = 18,
  label,
}: {
  counts: number[];
  width?: number;
  height?: number;
  label: string;
}) {
  const most = Math.max(...counts, 1);
  const step = width / Math.max(counts.length, 1);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {counts.map((count, index) => {
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * height);
        return (
          <rect
            key={index}
            x={index * step}
            y={height - tall}
            width={Math.max(step - 1, 1)}
            height={tall}
            fill="var(--tr-fill-train)"
          />
        );
      })}
    </svg>
  );
}
