/**
 * How well a name answers a query. Names of C are words run together, so the beginnings of words count.
 *
 * Who calls in: search.ts, tests. Whom it calls: nobody.
 */

/** 0 for no match; more is better. `query` is in lower case and without spaces. */
export function score(name: string, query: string): number {
  const lower = name.toLowerCase();
  if (lower === query) return 1000;
  if (lower.startsWith(query)) return 800 - Math.min(lower.length, 100);
  const at = lower.indexOf(query);
  if (at !== -1) {
    const isWord = /[A-Z]/.test(name[at]) || /[^a-z0-9]/i.test(name[at - 1]);
    return (isWord ? 600 : 400) - Math.min(lower.length, 100);
  }
  // The letters in their order: `rqfc` finds readQueryFromClient, better so the more of them begin words.
  let from = 0;
  let starts = 0;
  let gaps = 0;
  for (const letter of query) {
    const found = lower.indexOf(letter, from);
    if (found === -1) return 0;
    if (found === 0 || /[A-Z]/.test(name[found]) || !/[a-z0-9]/i.test(name[found - 1])) starts++;
    gaps += found - from;
    from = found + 1;
  }
  if (query.length < 3 || starts * 2 < query.length) return 0;
  return Math.max(1, 100 + starts * 20 - gaps);
}
