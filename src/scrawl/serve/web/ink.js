// Ink as a pen leaves it: finer where the hand is quick, broader where it is slow or presses.

const EVEN = 0.35; // of a step's change of width: how soon the width follows the hand
const QUICK = 1.5; // widths of the pen from one point to the next, from which on it is quick
const FINE = 0.3; // of the width that a quick stroke loses
const STEP = 0.25; // widths of the pen between two samples of the outline

// The outline of a stroke: `points` are [x, y, pressure], pressure 0 where the pen knows none.
export function outline(points, width) {
  const path = new Path2D();
  let [x, y, r] = [points[0][0], points[0][1], (width / 2) * share(points[0], 0)];
  dot(path, x, y, r);
  for (const [x1, y1, r1] of samples(points, width)) {
    const length = Math.hypot(x1 - x, y1 - y);
    if (!length) continue;
    const [dx, dy] = [(y1 - y) / length, (x - x1) / length]; // across the stroke
    path.moveTo(x + dx * r, y + dy * r); // turned as the dots are, so that no part takes out another
    path.lineTo(x1 + dx * r1, y1 + dy * r1);
    path.lineTo(x1 - dx * r1, y1 - dy * r1);
    path.lineTo(x - dx * r, y - dy * r);
    path.closePath();
    dot(path, x1, y1, r1);
    [x, y, r] = [x1, y1, r1];
  }
  return path;
}

function dot(path, x, y, r) {
  path.moveTo(x + r, y);
  path.arc(x, y, r, 0, 2 * Math.PI);
}

// How broad the ink is at a point, of the pen's width, after a step of so many widths.
function share([, , pressure], step) {
  return pressure ? 0.6 + 0.8 * pressure : 1.1 - FINE * Math.min(1, step / QUICK);
}

// The curve through the middles between the points, with the radius at each place.
function* samples(points, width) {
  let [from, r] = [points[0], (width / 2) * share(points[0], 0)];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const last = i === points.length - 1;
    const to = last ? b : [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const step = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const end = r + EVEN * ((width / 2) * share(b, step / width) - r);
    const count = Math.ceil(step / (STEP * width)) + 1;
    for (let k = 1; k <= count; k++) {
      const t = k / count;
      const [p, q, s] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
      yield [p * from[0] + q * a[0] + s * to[0], p * from[1] + q * a[1] + s * to[1], r + t * (end - r)];
    }
    [from, r] = [to, end];
  }
}
