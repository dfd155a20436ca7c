/**
 * The monotonic clock: microseconds that only ever grow, counted from an arbitrary moment.
 *
 * Callers measure spans with it and set timers by it; it has nothing to do with the time of day. Called from every
 * room; calls the kernel's CLOCK_MONOTONIC.
 *
 * What differs from C: the function pointer `getMonotonicUs` is a constant, since only the POSIX clock exists here (the
 * processor clock is off in C's default build, too), and `elapsedStart` returns the start instead of storing it.
 */

import { posix } from '../posix/posix.ts';

/** A count of microseconds. */
export type monotime = number;

/** The clock is clock_gettime(2). */
export const MONOTONIC_CLOCK_POSIX = 0;
/** The clock is a counter of the processor; never so here. */
export const MONOTONIC_CLOCK_HW = 1;
/** One of MONOTONIC_CLOCK_*. */
export type monotonic_clock_type = typeof MONOTONIC_CLOCK_POSIX | typeof MONOTONIC_CLOCK_HW;

/**
 * The present moment in microseconds since an arbitrary start. Never fails.
 * @c monotonic.c:133 getMonotonicUs_posix
 * @cstatic
 */
export function getMonotonicUs_posix(): monotime {
  return posix.clock_monotonic();
}

/** What callers use to read the clock: a pointer to a function, as in C, where monotonicInit() sets it. */
export const getMonotonicUs: () => monotime = getMonotonicUs_posix;

/**
 * Names the clock in use, for the log. May be called any number of times.
 * @c monotonic.c:158
 */
export function monotonicInit(): string {
  return monotonicInfoString();
}

/**
 * The name of the clock in use.
 * @c monotonic.c:172
 */
export function monotonicInfoString(): string {
  return 'POSIX clock_gettime';
}

/**
 * Which kind of clock is in use: always the POSIX one.
 * @c monotonic.c:176
 */
export function monotonicGetType(): monotonic_clock_type {
  return MONOTONIC_CLOCK_POSIX;
}

/**
 * Starts a measurement: keep the value and hand it to elapsedUs or elapsedMs.
 * @c monotonic.h:49
 * @cstatic
 */
export function elapsedStart(): monotime {
  return getMonotonicUs();
}

/**
 * Microseconds since `start_time`.
 * @c monotonic.h:53
 * @cstatic
 */
export function elapsedUs(start_time: monotime): number {
  return getMonotonicUs() - start_time;
}

/**
 * Whole milliseconds since `start_time`.
 * @c monotonic.h:57
 * @cstatic
 */
export function elapsedMs(start_time: monotime): number {
  return Math.floor(elapsedUs(start_time) / 1000);
}
