import { placeStages } from "./place-stages";
import classes from "./stage-graph.module.css";

/** What a node's colour, line and sign say; the words beside the graph say the same. */
export type StageLook =
  "plain" | "added" | "removed" | "changed" | "pending" | "running" | "done" | "reused" | "failed" | "canceled";

export interface GraphStage {
  id: string;
  name: string;
  kind: "source" | "transformer" | "estimator";
  /** A second line, such as the operator. */
  note: string;
  reads: readonly string[];
  look: StageLook;
  /** What is read out and shown on hover. */
  title: string;
  /** Its page. */
  href?: string;
}

const NODE = { width: 176, height: 46, across: 36, down: 14, margin: 8 };
const SIGN: Record<StageLook, string> = {
  plain: "",
  added: "+ ",
  removed: "− ",
  changed: "~ ",
  pending: "",
  running: "▸ ",
  done: "✓ ",
  reused: "↺ ",
  failed: "✕ ",
  canceled: "– ",
};

/** Stages from the data at the left to what is wanted at the right, in a frame that scrolls. A table beside it says the same. */
export function StageGraph({ stages, label, about }: { stages: readonly GraphStage[]; label: string; about: string }) {
  const places = placeStages(stages);
  const at = (id: string) => {
    const place = places.get(id);
    return (
      place && {
        x: NODE.margin + place.column * (NODE.width + NODE.across),
        y: NODE.margin + place.row * (NODE.height + NODE.down),
      }
    );
  };
  const all = [...places.values()];
  const width =
    NODE.margin * 2 + Math.max(0, ...all.map(({ column }) => column)) * (NODE.width + NODE.across) + NODE.width;
  const height = NODE.margin * 2 + Math.max(0, ...all.map(({ row }) => row)) * (NODE.height + NODE.down) + NODE.height;
  const looks = new Map(stages.map(({ id, look }) => [id, look]));
  return (
    <div className={classes.frame} role="group" aria-label={label} tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={about}>
        {stages.flatMap(({ id, reads, look }) =>
          reads.map((read) => {
            const [from, to] = [at(read), at(id)];
            if (!from || !to || read === id) return null;
            const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2];
            const [x2, y2] = [to.x, to.y + NODE.height / 2];
            const middle = (x1 + x2) / 2;
            return (
              <path
                key={`${read}>${id}`}
                d={`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`}
                className={classes.edge}
                data-look={edgeLook(looks.get(read) ?? "plain", look)}
              />
            );
          }),
        )}
        {stages.map((stage) => {
          const place = at(stage.id);
          return place ? <Node key={stage.id} stage={stage} x={place.x} y={place.y} /> : null;
        })}
      </svg>
    </div>
  );
}

function edgeLook(from: StageLook, to: StageLook): StageLook {
  if (from === "removed" || to === "removed") return "removed";
  if (from === "added" || to === "added") return "added";
  return to === "running" ? "running" : "plain";
}

function Node({ stage, x, y }: { stage: GraphStage; x: number; y: number }) {
  const { name, kind, note, look, title } = stage;
  return (
    <g transform={`translate(${x},${y})`}>
      <title>{title}</title>
      <rect
        width={NODE.width}
        height={NODE.height}
        rx={kind === "source" ? NODE.height / 2 : 4}
        className={classes.node}
        data-look={look}
      />
      {kind === "estimator" && (
        <rect x={3} y={3} width={NODE.width - 6} height={NODE.height - 6} rx={2} className={classes.inner} />
      )}
      <text x={NODE.width / 2} y={20} textAnchor="middle" className={classes.name} data-look={look}>
        {shortened(SIGN[look] + name)}
      </text>
      <text x={NODE.width / 2} y={36} textAnchor="middle" className={classes.note}>
        {shortened(note, 26)}
      </text>
    </g>
  );
}

const shortened = (text: string, most = 23) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
