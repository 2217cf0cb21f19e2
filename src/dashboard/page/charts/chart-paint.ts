/** The colours of a chart, as the styles of the page say them now: light or dark. */
export interface ChartColours {
  readonly text: string;
  readonly grid: string;
  readonly ground: string;
  /** By series, from the bottom of the bars. */
  readonly series: readonly string[];
}

const seriesProperties = ["--chart-1", "--chart-2", "--chart-3"];

/** Reads the colours of an element's place in the page. */
export function readChartColours(element: Element): ChartColours {
  const styles = getComputedStyle(element);
  const read = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    text: read("--chart-text"),
    grid: read("--chart-grid"),
    ground: read("--chart-ground"),
    series: seriesProperties.map(read),
  };
}

/** What a series is filled with: its colour, and lines of its own, as colours alone are not for everybody. */
export function createFill(
  context: CanvasRenderingContext2D,
  { ground, series }: ChartColours,
  index: number,
): CanvasRenderingContext2D["fillStyle"] {
  const colour = series[index % series.length] ?? ground;
  if (index === 0) return colour;
  const tile = document.createElement("canvas");
  const size = 8 * Math.max(1, Math.round(devicePixelRatio));
  tile.width = size;
  tile.height = size;
  const brush = tile.getContext("2d");
  if (brush === null) return colour;
  brush.fillStyle = ground;
  brush.fillRect(0, 0, size, size);
  brush.fillStyle = colour;
  if (index === 1) {
    drawDiagonals(brush, size, colour);
  } else {
    brush.fillRect(0, 0, size, size / 2);
  }
  return context.createPattern(tile, "repeat") ?? colour;
}

function drawDiagonals(brush: CanvasRenderingContext2D, size: number, colour: string): void {
  brush.strokeStyle = colour;
  brush.lineWidth = size / 2.5;
  for (const shift of [-size, 0, size]) {
    brush.beginPath();
    brush.moveTo(shift - 1, size + 1);
    brush.lineTo(shift + size + 1, -1);
    brush.stroke();
  }
}

/** Calls when light becomes dark or the other way round. Returns what ends it. */
export function watchTheme(call: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", call);
  const switched = new MutationObserver(call);
  switched.observe(document.documentElement, { attributes: true });
  return () => {
    dark.removeEventListener("change", call);
    switched.disconnect();
  };
}
