// How lengths of time read, to people at a terminal and in a browser alike.

const units: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
];

/** `8 ms`, `1.42 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export const duration = (seconds: number): string => {
  if (seconds < 1) return `${Math.round(Math.max(0, seconds) * 1000)} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(2))} s`;
  const whole = Math.round(seconds);
  const at = units.findIndex(([, size]) => whole >= size);
  const unit = units[at];
  if (!unit) return `${whole} s`;
  const [name, size] = unit;
  const [lesserName, lesserSize] = units[at + 1] ?? ['s', 1];
  const rest = Math.floor((whole % size) / lesserSize);
  return `${Math.floor(whole / size)} ${name}${rest > 0 ? ` ${rest} ${lesserName}` : ''}`;
};

/** Of a moment `ms` from now, which lies behind when that is negative: `now`, `12 s ago`, `in 3 min`. */
export const fromNow = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (Math.abs(seconds) < 1) return 'now';
  const [name, size] = units.find(([, unit]) => Math.abs(seconds) >= unit) ?? ['s', 1];
  const length = `${Math.floor(Math.abs(seconds) / size)} ${name}`;
  return seconds > 0 ? `in ${length}` : `${length} ago`;
};
