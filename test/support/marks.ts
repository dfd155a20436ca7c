/** The test side of coverage marks, see posix/mark.ts. */
import { collectMarks, stopCollectingMarks } from '../../posix/mark.ts';

/**
 * Runs `fn` and fails unless the program passed the mark `name` while it ran. Returns what `fn`
 * returned.
 */
export function expectMark<T>(name: string, fn: () => T): T {
  const marks = collectMarks();
  try {
    const result = fn();
    if (!marks.has(name)) {
      throw new Error(`mark not reached: '${name}'; reached: ${[...marks].join(', ') || 'none'}`);
    }
    return result;
  } finally {
    stopCollectingMarks();
  }
}

/** Runs `fn` and fails if the program passed the mark `name` while it ran. Returns what `fn` returned. */
export function expectNoMark<T>(name: string, fn: () => T): T {
  const marks = collectMarks();
  try {
    const result = fn();
    if (marks.has(name)) throw new Error(`mark reached: '${name}'`);
    return result;
  } finally {
    stopCollectingMarks();
  }
}
