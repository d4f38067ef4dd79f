// Where everything stands in a picture for a slide: images as large as there is room for, each with a line of words
// below it, each network with its name above, and the iteration at the bottom.

const SIDE = 28;

/** Full HD: as large as most projectors show, and of a slide's form. */
export const WIDTH = 1920;
export const HEIGHT = 1080;

const MARGIN = 32;
/** Heights of lines. */
const TITLE = 64;
const CAPTION = 60;
const COUNTER = 88;
/** Between images side by side, and between networks. */
const GAP = 16;
const NETWORK_GAP = 40;

/** The size of letters where there is room. */
const LARGE = 40;
/** Their most: so that “8: 100.0%” is no wider than its image, and “Robust LeNet-5” than its images together. */
const CAPTION_SHARE = 1 / 4.6;
const TITLE_SHARE = 1 / 9;

/** The middle of a line of words. */
export interface Place {
  x: number;
  y: number;
  size: number;
}

export interface Layout {
  /** By which pixels are enlarged. */
  factor: number;
  networks: {
    title: Place;
    /** The left upper corner of each image. */
    images: { x: number; y: number; caption: Place }[];
  }[];
  counter: Place;
}

/**
 * @param networks Their number.
 * @param images The number of each.
 */
export function layoutOf(networks: number, images: number): Layout {
  const { beside, perRow, factor } = best(networks, images);
  const size = factor * SIDE;
  const rows = images / perRow;
  const block = {
    width: perRow * (size + GAP) - GAP,
    height: TITLE + rows * (size + CAPTION),
  };
  const across = beside ? networks : 1;
  const down = beside ? 1 : networks;
  const left = Math.floor((WIDTH - across * (block.width + NETWORK_GAP) + NETWORK_GAP) / 2);
  const top = Math.floor((HEIGHT - down * block.height - COUNTER) / 2);
  const caption = Math.floor(Math.min(LARGE, size * CAPTION_SHARE));
  return {
    factor,
    counter: { x: WIDTH / 2, y: top + down * block.height + COUNTER / 2, size: LARGE },
    networks: Array.from({ length: networks }, (_, network) => {
      const x = left + (beside ? network * (block.width + NETWORK_GAP) : 0);
      const y = top + (beside ? 0 : network * block.height);
      return {
        title: { x: x + block.width / 2, y: y + TITLE / 2, size: Math.floor(Math.min(LARGE, block.width * TITLE_SHARE)) },
        images: Array.from({ length: images }, (_, image) => {
          const column = x + (image % perRow) * (size + GAP);
          const row = y + TITLE + Math.floor(image / perRow) * (size + CAPTION);
          const middle = row + size + CAPTION / 2;
          return { x: column, y: row, caption: { x: column + size / 2, y: middle, size: caption } };
        }),
      };
    }),
  };
}

/**
 * The arrangement with the largest images: networks side by side or below one another, so many images in a row. All
 * rows are full.
 */
function best(networks: number, images: number) {
  const perRows = Array.from({ length: images }, (_, at) => at + 1).filter((it) => images % it === 0);
  const all = [false, true].flatMap((beside) =>
    perRows.map((perRow) => {
      const blocks = beside ? networks : 1;
      const down = beside ? 1 : networks;
      const rows = (down * images) / perRow;
      const gaps = blocks * (perRow - 1) * GAP + (blocks - 1) * NETWORK_GAP;
      const width = (WIDTH - 2 * MARGIN - gaps) / (blocks * perRow);
      const height = (HEIGHT - 2 * MARGIN - COUNTER - down * TITLE) / rows - CAPTION;
      return { beside, perRow, factor: Math.max(1, Math.floor(Math.min(width, height) / SIDE)) };
    }),
  );
  return all.reduce((a, b) => (b.factor > a.factor ? b : a));
}
