/**
 * The kqueue backend of the event loop (macOS, the BSDs). Tested against the simulated kernel; untested on a real one.
 *
 * kqueue reports reading and writing of one descriptor as two events, while the loop wants one entry with a merged mask (a
 * barrier could not turn their order round otherwise). `eventsMask` collects them, two bits a descriptor, four descriptors a byte:
 *
 *     byte fd/4:   | fd+3 | fd+2 | fd+1 | fd |      each: bit 0 readable, bit 1 writable
 *
 * Called by ae.ts through {@link aeApiKqueue}; calls the kernel.
 *
 * What differs from C: the event array grows with the highest descriptor in use; the time-out is in microseconds.
 */

import {
  EINTR,
  EVFILT_READ,
  EVFILT_WRITE,
  EV_ADD,
  EV_DELETE,
  FD_CLOEXEC,
  F_SETFD,
  kevent_t,
  posix,
  strerror,
} from '../posix/posix.ts';
import { AE_READABLE, AE_WRITABLE, type aeApi, type aeEventLoop } from './ae.ts';

/** What the backend keeps for a loop; C calls it aeApiState. */
export class aeKqueueState {
  kqfd: number;
  events: kevent_t[] = [];
  eventsMask: Uint8Array;
  /** The one change that is handed to the kernel at a time; C has it on the stack. */
  change: kevent_t[] = [new kevent_t()];

  constructor(kqfd: number, setsize: number) {
    this.kqfd = kqfd;
    this.eventsMask = new Uint8Array(EVENT_MASK_MALLOC_SIZE(setsize));
    // Never empty: a kevent call without room for events does not wait.
    for (let i = 0; i < 64; i++) this.events.push(new kevent_t());
  }
}

/**
 * Bytes of mask for `sz` descriptors.
 * @own macro EVENT_MASK_MALLOC_SIZE of ae_kqueue.c
 */
export function EVENT_MASK_MALLOC_SIZE(sz: number): number {
  return (sz + 3) >> 2;
}

/**
 * Where the two bits of `fd` begin in their byte.
 * @own macro EVENT_MASK_OFFSET of ae_kqueue.c
 */
export function EVENT_MASK_OFFSET(fd: number): number {
  return (fd % 4) * 2;
}

/**
 * `mask` at the place of `fd` in its byte.
 * @own macro EVENT_MASK_ENCODE of ae_kqueue.c
 */
export function EVENT_MASK_ENCODE(fd: number, mask: number): number {
  return (mask & 3) << EVENT_MASK_OFFSET(fd);
}

/**
 * The collected mask of `fd`.
 * @c ae_kqueue.c:50
 * @cstatic
 */
export function getEventMask(eventsMask: Uint8Array, fd: number): number {
  return (eventsMask[fd >> 2] >> EVENT_MASK_OFFSET(fd)) & 3;
}

/**
 * Adds `mask` to what was collected for `fd`.
 * @c ae_kqueue.c:54
 * @cstatic
 */
export function addEventMask(eventsMask: Uint8Array, fd: number, mask: number): void {
  eventsMask[fd >> 2] |= EVENT_MASK_ENCODE(fd, mask);
}

/**
 * Forgets what was collected for `fd`.
 * @c ae_kqueue.c:58
 * @cstatic
 */
export function resetEventMask(eventsMask: Uint8Array, fd: number): void {
  eventsMask[fd >> 2] &= ~EVENT_MASK_ENCODE(fd, 3);
}

/**
 * Opens a queue for the loop. -1 with errno when the kernel refuses.
 * @c ae_kqueue.c:62
 * @cstatic
 */
export function aeApiCreate(eventLoop: aeEventLoop): number {
  const kqfd = posix.kqueue();
  if (kqfd === -1) return -1;
  posix.fcntl(kqfd, F_SETFD, FD_CLOEXEC);
  eventLoop.apidata = new aeKqueueState(kqfd, eventLoop.setsize);
  return 0;
}

/**
 * Makes room for `setsize` descriptors; the masks are empty between two polls, so nothing is carried over. Always 0.
 * @c ae_kqueue.c:84
 * @cstatic
 */
export function aeApiResize(eventLoop: aeEventLoop, setsize: number): number {
  const state = eventLoop.apidata as aeKqueueState;
  state.eventsMask = new Uint8Array(EVENT_MASK_MALLOC_SIZE(setsize));
  return 0;
}

/**
 * Closes the queue.
 * @c ae_kqueue.c:93
 * @cstatic
 */
export function aeApiFree(eventLoop: aeEventLoop): void {
  const state = eventLoop.apidata as aeKqueueState;
  posix.close(state.kqfd);
}

/**
 * Hands one change to the queue.
 * @own C's EV_SET and the kevent call after it
 */
export function changeFilter(
  state: aeKqueueState,
  fd: number,
  filter: number,
  flags: number,
): number {
  const ke = state.change[0];
  ke.ident = fd;
  ke.filter = filter;
  ke.flags = flags;
  return posix.kevent(state.kqfd, state.change, 1, null, 0, -1);
}

/**
 * Adds `mask` to the interest in `fd`, a filter a direction. -1 with errno when the kernel refuses one.
 * @c ae_kqueue.c:102
 * @cstatic
 */
export function aeApiAddEvent(eventLoop: aeEventLoop, fd: number, mask: number): number {
  const state = eventLoop.apidata as aeKqueueState;
  // Every descriptor may be reported twice.
  while (state.events.length < eventLoop.events.length * 2) state.events.push(new kevent_t());
  if (mask & AE_READABLE) {
    if (changeFilter(state, fd, EVFILT_READ, EV_ADD) === -1) return -1;
  }
  if (mask & AE_WRITABLE) {
    if (changeFilter(state, fd, EVFILT_WRITE, EV_ADD) === -1) return -1;
  }
  return 0;
}

/**
 * Takes `mask` away from the interest in `fd`. Failures are ignored.
 * @c ae_kqueue.c:117
 * @cstatic
 */
export function aeApiDelEvent(eventLoop: aeEventLoop, fd: number, mask: number): void {
  const state = eventLoop.apidata as aeKqueueState;
  if (mask & AE_READABLE) changeFilter(state, fd, EVFILT_READ, EV_DELETE);
  if (mask & AE_WRITABLE) changeFilter(state, fd, EVFILT_WRITE, EV_DELETE);
}

/**
 * Waits up to `timeout_us` microseconds (-1 for ever) and fills `fired`, one entry a descriptor with both directions
 * merged. How many. A failure other than EINTR throws.
 * @c ae_kqueue.c:131
 * @cstatic
 */
export function aeApiPoll(eventLoop: aeEventLoop, timeout_us: number): number {
  const state = eventLoop.apidata as aeKqueueState;
  const events = state.events;
  let numevents = 0;
  const room = Math.min(events.length, eventLoop.setsize);
  const retval = posix.kevent(state.kqfd, null, 0, events, room, timeout_us);

  if (retval > 0) {
    // First collect the masks of all, ...
    for (let j = 0; j < retval; j++) {
      const e = events[j];
      let mask = 0;
      if (e.filter === EVFILT_READ) mask = AE_READABLE;
      else if (e.filter === EVFILT_WRITE) mask = AE_WRITABLE;
      addEventMask(state.eventsMask, e.ident, mask);
    }
    // ... then report each descriptor where it is met first; its mask is emptied, so the second event finds nothing.
    for (let j = 0; j < retval; j++) {
      const fd = events[j].ident;
      const mask = getEventMask(state.eventsMask, fd);
      if (mask) {
        eventLoop.fired[numevents].fd = fd;
        eventLoop.fired[numevents].mask = mask;
        resetEventMask(state.eventsMask, fd);
        numevents++;
      }
    }
  } else if (retval === -1 && posix.errno !== EINTR) {
    throw new Error(`aeApiPoll: kevent, ${strerror(posix.errno)}`);
  }
  return numevents;
}

/**
 * The name of the backend.
 * @c ae_kqueue.c:188
 * @cstatic
 */
export function aeApiName(): string {
  return 'kqueue';
}

/**
 * The queue's descriptor: readable while events wait.
 * @own what libuv watches
 */
export function aeApiFd(eventLoop: aeEventLoop): number {
  return (eventLoop.apidata as aeKqueueState).kqfd;
}

/** The backend as ae.ts sees it. */
export const aeApiKqueue: aeApi = {
  aeApiCreate,
  aeApiResize,
  aeApiFree,
  aeApiAddEvent,
  aeApiDelEvent,
  aeApiPoll,
  aeApiName,
  aeApiFd,
};
