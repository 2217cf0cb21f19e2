/** The line through some points that has the smallest squares of distances: `y = base + slope * x`. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): {
  base: number;
  slope: number;
} {
  const mean = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope =
    mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / mean(points.map(([x]) => (x - meanX) ** 2));
  return { base: meanY - slope * meanX, slope };
}
