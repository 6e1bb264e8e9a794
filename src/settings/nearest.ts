// The known names nearest to a misspelt one.

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/**
 * Up to three of `known` that differ from `name` in at most four letters in ten, nearest first;
 * none when nothing comes close.
 */
export const nearest = (name: string, known: readonly string[]): string[] => {
  const plain = name.slice(0, 100).toLowerCase().replaceAll('-', '_');
  return known
    .map((candidate) => ({ candidate, far: distance(plain, candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(plain.length, candidate.length) * 0.4)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
};
