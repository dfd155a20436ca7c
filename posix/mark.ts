/**
 * Coverage marks: the boundaries that a coverage report by lines cannot show.
 *
 *     if (empty_visits === 0) {
 *       mark('dictRehash: gave up after empty_visits');     in the program
 *       return 1;
 *     }
 *
 *     expectMark('dictRehash: gave up after empty_visits', () => dictRehash(d, 1));   in a test
 *
 * A mark says "this very case was reached", for cases in which the line is reached anyway, or in
 * which the result looks the same as when they were not. The text is a name: `function: what
 * happened`, the same in program and test, so that a search for it finds both.
 *
 * Outside tests nobody collects, and a mark costs one comparison with null. Do not build the text at
 * run time. This room alone, besides server.h.ts, may hold state of the process: that is why the
 * collector lives here. There is no C original.
 */

/** The marks reached since collecting began, or null when nobody collects. */
let marks: Set<string> | null = null;

/**
 * Notes that the program came by this place. Does nothing unless a test collects.
 *
 * @own coverage marks are no part of C
 */
export function mark(name: string): void {
  if (marks !== null) marks.add(name);
}

/**
 * Starts to collect marks into an empty set, and returns that set; it fills as the program runs.
 * An earlier collection ends by this.
 *
 * @own coverage marks are no part of C
 */
export function collectMarks(): Set<string> {
  marks = new Set();
  return marks;
}

/**
 * Ends the collection: marks cost nothing again.
 *
 * @own coverage marks are no part of C
 */
export function stopCollectingMarks(): void {
  marks = null;
}
