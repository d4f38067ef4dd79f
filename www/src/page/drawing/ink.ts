// The ink on the paper, as numbers. The canvas only shows it: browsers that protect against fingerprinting return
// noise when the pixels of a canvas are read. Knows of no page.

/** Pixels on a side of the paper. */
export const SIDE = 280;

/** In pixels of the paper, from its upper left corner. */
export interface Point {
  x: number;
  y: number;
}

/** Pixels of the paper; right and bottom are the first ones outside of it. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Picture {
  /** 0 (none) to 1, row after row. */
  ink: Float32Array;
  /** In pixels. Neither this nor the height is larger than the paper. */
  width: number;
}

const WHOLE: Box = { left: 0, top: 0, right: SIDE, bottom: SIDE };

export class Ink {
  /** 0 (none) to 1, row after row. */
  values = new Float32Array(SIDE * SIDE);

  clear() {
    this.values.fill(0);
    return WHOLE;
  }

  /**
   * Draws a straight stroke with round ends, or takes ink away along it.
   *
   * @param to The same as `from` for a dot.
   * @returns What may have changed.
   */
  stroke(from: Point, to: Point, width: number, what: 'draws' | 'erases'): Box {
    const radius = width / 2;
    const box = boxAround(from, to, radius + 1);
    const across = to.x - from.x;
    const down = to.y - from.y;
    const length = across * across + down * down; // Squared.
    for (let y = box.top; y < box.bottom; y += 1) {
      for (let x = box.left; x < box.right; x += 1) {
        const right = x + 0.5 - from.x;
        const below = y + 0.5 - from.y;
        // The nearest point of the stroke: 0 at its start, 1 at its end.
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, (right * across + below * down) / length));
        const [dx, dy] = [right - along * across, below - along * down];
        const distance = Math.sqrt(dx * dx + dy * dy); // Math.hypot takes several times as long.
        // How much of the pixel is covered, as if the edge of the stroke ran straight across it.
        const covered = Math.min(1, Math.max(0, radius + 0.5 - distance));
        const at = y * SIDE + x;
        this.values[at] =
          what === 'draws' ? Math.max(this.values[at], covered) : Math.min(this.values[at], 1 - covered);
      }
    }
    return box;
  }

  /** Puts a picture in the middle of the paper, in place of everything. */
  put({ ink, width }: Picture) {
    this.clear();
    const height = ink.length / width;
    const left = Math.floor((SIDE - width) / 2);
    const top = Math.floor((SIDE - height) / 2);
    for (let y = 0; y < height; y += 1) {
      this.values.set(ink.subarray(y * width, (y + 1) * width), (top + y) * SIDE + left);
    }
    return WHOLE;
  }
}

/** @returns Within the paper. */
function boxAround(from: Point, to: Point, margin: number): Box {
  const inside = (it: number) => Math.min(SIDE, Math.max(0, it));
  return {
    left: inside(Math.floor(Math.min(from.x, to.x) - margin)),
    top: inside(Math.floor(Math.min(from.y, to.y) - margin)),
    right: inside(Math.ceil(Math.max(from.x, to.x) + margin)),
    bottom: inside(Math.ceil(Math.max(from.y, to.y) + margin)),
  };
}
