// Where a digit that was missed stands among the lines of a reading. Touches no page.

const ASIDE = 0.7; // of a digit's size: what is no farther from a line's course stands on it
const APART = 0.9; // of its size: what is nearer to a digit belongs to that one's number
const BEYOND = 0.1; // weight of the way to a line's end, beside that to its course

const middle = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];

// The way in which a line is written, of length 1; `turned` is that of the page, in degrees.
function course(line, turned) {
  const [first, last] = [line.digits[0], line.digits.at(-1)].map((digit) => middle(digit.box));
  const way = minus(last, first);
  const length = Math.hypot(...way);
  if (length) return way.map((part) => part / length);
  return [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)];
}

// A box along a way: from where to where, and how far aside.
function along(box, way, from) {
  const to = minus(middle(box), from);
  const half = (Math.abs(way[0]) * (box[2] - box[0]) + Math.abs(way[1]) * (box[3] - box[1])) / 2;
  const at = dot(to, way);
  return { at, start: at - half, end: at + half, aside: dot(to, [-way[1], way[0]]) };
}

// Gives `{ line, number, at, group, joins }`: the line, which of all it is, the place in it, the
// group, and whether that is one that is there already.
export function placeOf({ lines, turned = 0 }, box) {
  const size = Math.max(box[2] - box[0], box[3] - box[1]);
  const ways = lines.filter((line) => line.digits.length).map((line) => {
    const from = middle(line.digits[0].box);
    const way = course(line, turned);
    const own = along(box, way, from);
    const others = line.digits.map((digit) => along(digit.box, way, from));
    const beyond = Math.max(0, others[0].start - own.end, own.start - others.at(-1).end);
    return { line, own, others, score: Math.abs(own.aside) + BEYOND * beyond };
  });
  const near = ways.filter(({ own }) => Math.abs(own.aside) < ASIDE * size);
  if (!near.length) return alone(lines, ways, box);
  const { line, own, others } = near.reduce((a, b) => (b.score < a.score ? b : a));
  const found = others.findIndex((each) => each.at > own.at);
  const at = found < 0 ? others.length : found;
  const [before, after] = [at ? own.start - others[at - 1].end : Infinity, at < others.length ? others[at].start - own.end : Infinity];
  return { line, number: lines.indexOf(line), at, ...groupOf(line.groups, at, before, after, APART * size) };
}

// The group at a place between two digits, so far from either.
function groupOf(groups, at, before, after, apart) {
  let end = 0;
  const group = groups.findIndex((count) => (end += count) >= at && at > 0);
  if (at > 0 && at < end) return { group, joins: true };
  const left = at > 0 ? group : -1; // the last one before that place
  if (Math.min(before, after) > apart) return { group: left + 1, joins: false };
  return { group: before <= after ? left : left + 1, joins: true };
}

// A line of its own, among the others by where it lies on the page.
function alone(lines, ways, box) {
  const next = ways.find(({ own }) => own.aside < 0)?.line;
  const line = { text: "", confidence: 1, uncertain: false, groups: [], digits: [], marks: [] };
  return { line, number: next ? lines.indexOf(next) : lines.length, at: 0, group: 0, joins: false };
}
