/** Finds points near a place: points are sorted into squares, and only the squares around the place are looked at. */
export class PointIndex {
  private readonly size: number;
  private readonly across: number;
  private readonly down: number;
  /** Square → place of its first point in `members`. */
  private readonly starts: Uint32Array;
  private readonly members: Uint32Array;

  constructor(
    private readonly x: Float32Array,
    private readonly y: Float32Array,
    width: number,
    height: number,
  ) {
    const n = x.length;
    this.size = Math.max(4, Math.sqrt((width * height) / Math.max(1, n / 4)));
    this.across = Math.max(1, Math.ceil(width / this.size));
    this.down = Math.max(1, Math.ceil(height / this.size));
    this.starts = new Uint32Array(this.across * this.down + 1);
    this.members = new Uint32Array(n);
    const squares = new Uint32Array(n);
    for (let i = 0; i < n; i += 1) {
      const square = this.clampedDown(y[i] as number) * this.across + this.clampedAcross(x[i] as number);
      squares[i] = square;
      this.starts[square + 1] = (this.starts[square + 1] as number) + 1;
    }
    for (let square = 1; square < this.starts.length; square += 1)
      this.starts[square] = (this.starts[square] as number) + (this.starts[square - 1] as number);
    const next = this.starts.slice();
    for (let i = 0; i < n; i += 1) {
      const square = squares[i] as number;
      this.members[next[square] as number] = i;
      next[square] = (next[square] as number) + 1;
    }
  }

  /** The nearest point within `radius` of a place; −1 without one. */
  nearest(px: number, py: number, radius: number): number {
    let found = -1;
    let least = radius * radius;
    const [left, right] = [this.clampedAcross(px - radius), this.clampedAcross(px + radius)];
    const [top, bottom] = [this.clampedDown(py - radius), this.clampedDown(py + radius)];
    for (let row = top; row <= bottom; row += 1)
      for (let column = left; column <= right; column += 1) {
        const square = row * this.across + column;
        for (let at = this.starts[square] as number; at < (this.starts[square + 1] as number); at += 1) {
          const i = this.members[at] as number;
          const distance = ((this.x[i] as number) - px) ** 2 + ((this.y[i] as number) - py) ** 2;
          if (distance < least || (distance === least && i < found)) {
            least = distance;
            found = i;
          }
        }
      }
    return found;
  }

  /** The nearest point to the left, right, top or bottom of another, not further aside than ahead; −1 without one. */
  beside(from: number, [dx, dy]: readonly [number, number]): number {
    const [fx, fy] = [this.x[from] as number, this.y[from] as number];
    let found = -1;
    let least = Infinity;
    for (let i = 0; i < this.x.length; i += 1) {
      const [ax, ay] = [(this.x[i] as number) - fx, (this.y[i] as number) - fy];
      const ahead = ax * dx + ay * dy;
      const aside = Math.abs(ax * dy) + Math.abs(ay * dx);
      if (ahead <= 0.01 || aside > ahead) continue;
      const distance = ahead + 2 * aside;
      if (distance < least) {
        least = distance;
        found = i;
      }
    }
    return found;
  }

  private clampedAcross(at: number): number {
    return Math.min(this.across - 1, Math.max(0, Math.floor(at / this.size)));
  }

  private clampedDown(at: number): number {
    return Math.min(this.down - 1, Math.max(0, Math.floor(at / this.size)));
  }
}
