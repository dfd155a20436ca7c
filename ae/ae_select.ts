/**
 * The select backend of the event loop: works everywhere, for descriptors below FD_SETSIZE.
 *
 *     rfds, wfds     what is wanted, one bit a descriptor
 *     _rfds, _wfds   the copies that select(2) overwrites with what is ready
 *
 * Called by ae.ts through {@link aeApiSelect}; calls the kernel.
 *
 * What differs from C: there is no descriptor that libuv could watch for the whole set, so the bridge polls this backend
 * from a timer (see ae_uv.ts); the time-out is in microseconds.
 */

import {
  EINTR,
  ERANGE,
  FD_CLR,
  FD_COPY,
  FD_ISSET,
  FD_SET,
  FD_SETSIZE,
  fd_set,
  posix,
  strerror,
} from '../posix/posix.ts';
import { AE_NONE, AE_READABLE, AE_WRITABLE, type aeApi, type aeEventLoop } from './ae.ts';

/** What the backend keeps for a loop; C calls it aeApiState. */
export class aeSelectState {
  rfds = new fd_set();
  wfds = new fd_set();
  _rfds = new fd_set();
  _wfds = new fd_set();
}

/**
 * Two empty sets. Always 0.
 * @c ae_select.c:42
 * @cstatic
 */
export function aeApiCreate(eventLoop: aeEventLoop): number {
  eventLoop.apidata = new aeSelectState();
  return 0;
}

/**
 * -1 when `setsize` descriptors do not fit into an fd_set.
 * @c ae_select.c:52
 * @cstatic
 */
export function aeApiResize(_eventLoop: aeEventLoop, setsize: number): number {
  return setsize >= FD_SETSIZE ? -1 : 0;
}

/**
 * Drops the sets.
 * @c ae_select.c:59
 * @cstatic
 */
export function aeApiFree(eventLoop: aeEventLoop): void {
  eventLoop.apidata = null;
}

/**
 * Adds `mask` to what is wanted of `fd`. -1 with ERANGE for a descriptor beyond the set, where C would write past its end.
 * @c ae_select.c:63
 * @cstatic
 */
export function aeApiAddEvent(eventLoop: aeEventLoop, fd: number, mask: number): number {
  const state = eventLoop.apidata as aeSelectState;
  if (fd >= FD_SETSIZE) {
    posix.errno = ERANGE;
    return -1;
  }
  if (mask & AE_READABLE) FD_SET(fd, state.rfds);
  if (mask & AE_WRITABLE) FD_SET(fd, state.wfds);
  return 0;
}

/**
 * Takes `mask` away from what is wanted of `fd`.
 * @c ae_select.c:71
 * @cstatic
 */
export function aeApiDelEvent(eventLoop: aeEventLoop, fd: number, mask: number): void {
  const state = eventLoop.apidata as aeSelectState;
  if (mask & AE_READABLE) FD_CLR(fd, state.rfds);
  if (mask & AE_WRITABLE) FD_CLR(fd, state.wfds);
}

/**
 * Waits up to `timeout_us` microseconds (-1 for ever) and fills `fired`, as C does with an entry for every registered
 * descriptor, ready or not: the ones with an empty mask fire nothing but count as processed. A failure other than EINTR throws.
 * @c ae_select.c:78
 * @cstatic
 */
export function aeApiPoll(eventLoop: aeEventLoop, timeout_us: number): number {
  const state = eventLoop.apidata as aeSelectState;
  let numevents = 0;

  FD_COPY(state.rfds, state._rfds);
  FD_COPY(state.wfds, state._wfds);

  const retval = posix.select(eventLoop.maxfd + 1, state._rfds, state._wfds, timeout_us);
  if (retval > 0) {
    for (let j = 0; j <= eventLoop.maxfd; j++) {
      const fe = eventLoop.events[j];
      let mask = 0;

      if (fe.mask === AE_NONE) continue;
      if (fe.mask & AE_READABLE && FD_ISSET(j, state._rfds)) mask |= AE_READABLE;
      if (fe.mask & AE_WRITABLE && FD_ISSET(j, state._wfds)) mask |= AE_WRITABLE;
      eventLoop.fired[numevents].fd = j;
      eventLoop.fired[numevents].mask = mask;
      numevents++;
    }
  } else if (retval === -1 && posix.errno !== EINTR) {
    throw new Error(`aeApiPoll: select, ${strerror(posix.errno)}`);
  }
  return numevents;
}

/**
 * The name of the backend.
 * @c ae_select.c:108
 * @cstatic
 */
export function aeApiName(): string {
  return 'select';
}

/**
 * select has no descriptor of its own: -1.
 * @own what libuv watches
 */
export function aeApiFd(_eventLoop: aeEventLoop): number {
  return -1;
}

/** The backend as ae.ts sees it. */
export const aeApiSelect: aeApi = {
  aeApiCreate,
  aeApiResize,
  aeApiFree,
  aeApiAddEvent,
  aeApiDelEvent,
  aeApiPoll,
  aeApiName,
  aeApiFd,
};
