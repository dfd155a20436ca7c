/**
 * How well a name answers a query. Names of C are words run together, so the beginnings of words count.
 *
 * Who calls in: search.ts, tests. Whom it calls: nobody.
 */

/** Whether a word begins there: after a sign, or where capitals begin. */
function beginsWord(name: string, at: number): boolean {
  if (at === 0 || !/[a-z0-9]/i.test(name[at - 1])) return true;
  return /[A-Z]/.test(name[at]) && !/[A-Z]/.test(name[at - 1]);
}

/** 0 for no match; more is better. `query` is in lower case and without spaces. */
export function score(name: string, query: string): number {
  const lower = name.toLowerCase();
  if (lower === query) return 1000;
  if (lower.startsWith(query)) return 800 - Math.min(lower.length, 100);
  const at = lower.indexOf(query);
  if (at !== -1) {
    return (beginsWord(name, at) ? 600 : 400) - Math.min(lower.length, 100);
  }
  // The letters in their order: `rqfc` finds readQueryFromClient, better so the more of them begin words.
  let from = 0;
  let starts = 0;
  let gaps = 0;
  for (const letter of query) {
    const found = lower.indexOf(letter, from);
    if (found === -1) return 0;
    if (beginsWord(name, found)) starts++;
    gaps += found - from;
    from = found + 1;
  }
  if (query.length < 3 || starts * 2 < query.length) return 0;
  return Math.max(1, 100 + starts * 20 - gaps);
}
