/**
 * The event loop on every backend: real epoll and select, and all three on the simulated kernel.
 */
import { expect } from 'chai';
import * as A from '../../ae/ae.ts';
import { aeApiEpoll } from '../../ae/ae_epoll.ts';
import {
  addEventMask,
  aeApiKqueue,
  EVENT_MASK_MALLOC_SIZE,
  getEventMask,
  resetEventMask,
} from '../../ae/ae_kqueue.ts';
import { aeApiSelect } from '../../ae/ae_select.ts';
import * as M from '../../ae/monotonic.ts';
import * as P from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { SimWorld } from '../../posix/posix_sim.ts';

const ONCE = A.AE_ALL_EVENTS | A.AE_DONT_WAIT;

interface Setup {
  name: string;
  api: A.aeApi;
  kernel: () => P.Posix;
}

const setups: Setup[] = [
  { name: 'epoll on libc', api: aeApiEpoll, kernel: () => new LibcKernel() },
  { name: 'select on libc', api: aeApiSelect, kernel: () => new LibcKernel() },
  { name: 'epoll, simulated', api: aeApiEpoll, kernel: () => new SimWorld(1).host('10.0.0.1') },
  { name: 'select, simulated', api: aeApiSelect, kernel: () => new SimWorld(1).host('10.0.0.1') },
  { name: 'kqueue, simulated', api: aeApiKqueue, kernel: () => new SimWorld(1).host('10.0.0.1') },
];

for (const setup of setups) {
  describe(`ae with ${setup.name}`, () => {
    let el: A.aeEventLoop;
    let posix: P.Posix;
    let fds: number[];
    const byte = Buffer.from('x');

    /** A connected pair of non-blocking sockets: each can be read and written. */
    function pair(): [number, number] {
      const a = new P.sockaddr();
      a.sa_family = P.AF_INET;
      a.address = '127.0.0.1';
      const l = posix.socket(P.AF_INET, P.SOCK_STREAM, 0);
      posix.bind(l, a);
      posix.listen(l, 1);
      posix.getsockname(l, a);
      const c = posix.socket(P.AF_INET, P.SOCK_STREAM, 0);
      expect(posix.connect(c, a)).to.equal(0);
      const s = posix.accept4(l, null, P.SOCK_NONBLOCK);
      posix.fcntl(c, P.F_SETFL, P.O_NONBLOCK);
      posix.close(l);
      fds.push(c, s);
      return [c, s];
    }

    /** Sends a byte and waits until it has arrived at the other end. */
    function send(from: number, to: number): void {
      expect(posix.write(from, byte, 0, 1)).to.equal(1);
      expect(A.aeWait(to, A.AE_READABLE, 1000) & A.AE_READABLE).to.equal(A.AE_READABLE);
    }

    beforeEach(() => {
      posix = setup.kernel();
      P.usePosix(posix);
      fds = [];
      el = A.aeCreateEventLoop(1000, setup.api)!;
    });
    afterEach(() => {
      A.aeDeleteEventLoop(el);
      for (const fd of fds) posix.close(fd);
    });

    it('fires a readable event with its client data, as long as there is something to read', () => {
      const [c, s] = pair();
      const seen: unknown[] = [];
      const data = { name: 'tom' };
      A.aeCreateFileEvent(
        el,
        s,
        A.AE_READABLE,
        (l, fd, d, mask) => seen.push([l === el, fd, d, mask]),
        data,
      );
      expect(A.aeProcessEvents(el, ONCE)).to.equal(0);
      send(c, s);
      expect(A.aeProcessEvents(el, ONCE)).to.equal(1);
      expect(A.aeProcessEvents(el, ONCE)).to.equal(1);
      expect(seen).to.deep.equal([
        [true, s, data, A.AE_READABLE],
        [true, s, data, A.AE_READABLE],
      ]);
      posix.read(s, Buffer.alloc(10), 0, 10);
      expect(A.aeProcessEvents(el, ONCE)).to.equal(0);
      expect(A.aeGetFileClientData(el, s)).to.equal(data);
      A.aeDeleteFileEvent(el, s, A.AE_READABLE);
      expect(A.aeGetFileClientData(el, s)).to.equal(null);
    });

    it('fires readable before writable, and the reverse with a barrier', () => {
      const [c, s] = pair();
      let order = '';
      A.aeCreateFileEvent(el, s, A.AE_READABLE, () => (order += 'r'), null);
      A.aeCreateFileEvent(el, s, A.AE_WRITABLE, () => (order += 'w'), null);
      expect(A.aeGetFileEvents(el, s)).to.equal(A.AE_READABLE | A.AE_WRITABLE);
      send(c, s);
      expect(A.aeProcessEvents(el, ONCE)).to.equal(1);
      expect(order).to.equal('rw');
      A.aeCreateFileEvent(el, s, A.AE_WRITABLE | A.AE_BARRIER, () => (order += 'W'), null);
      A.aeProcessEvents(el, ONCE);
      expect(order).to.equal('rwWr');
      A.aeDeleteFileEvent(el, s, A.AE_WRITABLE);
      expect(A.aeGetFileEvents(el, s)).to.equal(A.AE_READABLE);
      A.aeProcessEvents(el, ONCE);
      expect(order).to.equal('rwWrr');
    });

    it('calls one proc for both directions once', () => {
      const [c, s] = pair();
      let calls = 0;
      const proc = (): void => void calls++;
      A.aeCreateFileEvent(el, s, A.AE_READABLE | A.AE_WRITABLE, proc, null);
      send(c, s);
      A.aeProcessEvents(el, ONCE);
      expect(calls).to.equal(1);
      A.aeCreateFileEvent(el, s, A.AE_WRITABLE | A.AE_BARRIER, proc, null);
      A.aeProcessEvents(el, ONCE);
      expect(calls).to.equal(2);
    });

    it('does not fire what an earlier event of the same iteration removed', () => {
      const [c1, s1] = pair();
      const [c2, s2] = pair();
      let calls = 0;
      const proc = (_: A.aeEventLoop, fd: number): void => {
        calls++;
        A.aeDeleteFileEvent(el, fd === s1 ? s2 : s1, A.AE_READABLE);
      };
      A.aeCreateFileEvent(el, s1, A.AE_READABLE, proc, null);
      A.aeCreateFileEvent(el, s2, A.AE_READABLE, proc, null);
      send(c1, s1);
      send(c2, s2);
      A.aeProcessEvents(el, ONCE);
      expect(calls).to.equal(1);
    });

    it('reports a closed peer as readable', () => {
      const [c, s] = pair();
      let n = -2;
      A.aeCreateFileEvent(
        el,
        s,
        A.AE_READABLE,
        () => (n = posix.read(s, Buffer.alloc(8), 0, 8)),
        null,
      );
      posix.shutdown(c, P.SHUT_WR);
      A.aeWait(s, A.AE_READABLE, 1000);
      A.aeProcessEvents(el, ONCE);
      expect(n).to.equal(0);
    });

    it('may process events inside of an event', () => {
      const [c, s] = pair();
      const order: string[] = [];
      A.aeCreateTimeEvent(el, 0, () => (order.push('timer'), A.AE_NOMORE), null, null);
      A.aeCreateFileEvent(
        el,
        c,
        A.AE_WRITABLE,
        () => {
          A.aeDeleteFileEvent(el, c, A.AE_WRITABLE);
          order.push('in');
          send(c, s);
          A.aeProcessEvents(el, A.AE_FILE_EVENTS | A.AE_DONT_WAIT);
          order.push('out');
        },
        null,
      );
      A.aeCreateFileEvent(
        el,
        s,
        A.AE_READABLE,
        () => {
          order.push('nested');
          posix.read(s, Buffer.alloc(8), 0, 8);
        },
        null,
      );
      A.aeProcessEvents(el, ONCE);
      expect(order).to.deep.equal(['in', 'nested', 'out', 'timer']);
    });

    it('calls the hooks before and after the poll, when asked to', () => {
      const [, s] = pair();
      const order: string[] = [];
      A.aeSetBeforeSleepProc(el, () => order.push('before'));
      A.aeSetAfterSleepProc(el, () => order.push('after'));
      A.aeCreateFileEvent(el, s, A.AE_WRITABLE, () => order.push('event'), null);
      A.aeCreateTimeEvent(el, 0, () => (order.push('timer'), A.AE_NOMORE), null, null);
      A.aeProcessEvents(el, ONCE | A.AE_CALL_BEFORE_SLEEP | A.AE_CALL_AFTER_SLEEP);
      expect(order).to.deep.equal(['before', 'after', 'event', 'timer']);
      A.aeProcessEvents(el, A.AE_FILE_EVENTS | A.AE_DONT_WAIT);
      expect(order.slice(4)).to.deep.equal(['event']);
      expect(A.aeProcessEvents(el, A.AE_CALL_BEFORE_SLEEP)).to.equal(0);
    });

    it('sleeps until the nearest timer', () => {
      const start = posix.clock_monotonic();
      let fired = 0;
      A.aeCreateTimeEvent(el, 500, () => A.AE_NOMORE, null, null);
      A.aeCreateTimeEvent(el, 4, () => (fired++, A.AE_NOMORE), null, null);
      expect(A.usUntilEarliestTimer(el)).to.be.within(1, 4000);
      expect(A.aeProcessEvents(el, A.AE_ALL_EVENTS)).to.equal(1);
      expect(fired).to.equal(1);
      expect(posix.clock_monotonic() - start).to.be.within(4000, 400000);
    });

    it('does not sleep when told so by flag, by aeSetDontWait or by maxsleep', () => {
      A.aeCreateTimeEvent(el, 5000, () => A.AE_NOMORE, null, null);
      const start = posix.clock_monotonic();
      A.aeSetDontWait(el, true);
      expect(A.aeProcessEvents(el, A.AE_ALL_EVENTS)).to.equal(0);
      A.aeSetDontWait(el, false);
      el.maxsleep = 0;
      expect(A.aeProcessEvents(el, A.AE_ALL_EVENTS)).to.equal(0);
      el.maxsleep = 2000;
      expect(A.aeProcessEvents(el, A.AE_ALL_EVENTS)).to.equal(0);
      expect(posix.clock_monotonic() - start).to.be.within(2000, 2000000);
    });

    it('refuses descriptors beyond its size, and shrinks only when none is in the way', () => {
      const [c, s] = pair();
      const proc = (): void => undefined;
      const high = Math.max(c, s);
      A.aeCreateFileEvent(el, high, A.AE_READABLE, proc, null);
      expect(A.aeGetSetSize(el)).to.equal(1000);
      expect(A.aeResizeSetSize(el, high)).to.equal(A.AE_ERR);
      expect(A.aeResizeSetSize(el, high + 1)).to.equal(A.AE_OK);
      expect(A.aeResizeSetSize(el, high + 1)).to.equal(A.AE_OK);
      expect(A.aeCreateFileEvent(el, high + 1, A.AE_READABLE, proc, null)).to.equal(A.AE_ERR);
      expect(posix.errno).to.equal(P.ERANGE);
      expect(el.maxfd).to.equal(high);
      A.aeDeleteFileEvent(el, high, A.AE_READABLE);
      expect(el.maxfd).to.equal(-1);
      A.aeDeleteFileEvent(el, 5000, A.AE_READABLE);
      expect(A.aeGetFileEvents(el, 5000)).to.equal(A.AE_NONE);
      expect(A.aeGetFileClientData(el, 5000)).to.equal(null);
      expect(A.aeResizeSetSize(el, 2000)).to.equal(setup.api === aeApiSelect ? A.AE_ERR : A.AE_OK);
    });

    it('aeWait tells what is possible, and gives up in time', () => {
      const [c, s] = pair();
      expect(A.aeWait(s, A.AE_READABLE, 1)).to.equal(0);
      expect(A.aeWait(s, A.AE_READABLE | A.AE_WRITABLE, 100)).to.equal(A.AE_WRITABLE);
      posix.write(c, byte, 0, 1);
      expect(A.aeWait(s, A.AE_READABLE, 100)).to.equal(A.AE_READABLE);
      posix.shutdown(c, P.SHUT_WR);
      posix.shutdown(s, P.SHUT_WR);
      expect(A.aeWait(c, A.AE_READABLE, 100)).to.equal(A.AE_READABLE | A.AE_WRITABLE);
    });

    it('a failing poll throws', () => {
      const [c] = pair();
      A.aeCreateFileEvent(el, c, A.AE_READABLE, () => undefined, null);
      // select fails on a closed member, the others only without their own descriptor.
      posix.close(setup.api === aeApiSelect ? c : setup.api.aeApiFd(el));
      expect(() => A.aeProcessEvents(el, ONCE)).to.throw(/^aeApiPoll: \w+, Bad file descriptor$/);
    });

    it('aeMain ends a turn when nothing is left, when stopped, and when libuv has waited enough', () => {
      const [c, s] = pair();
      el.maxsleep = 0;
      let n = 0;
      A.aeCreateFileEvent(
        el,
        s,
        A.AE_READABLE,
        () => {
          if (++n === 3) posix.read(s, Buffer.alloc(8), 0, 8);
        },
        null,
      );
      send(c, s);
      expect(A.aeMain(el)).to.equal(true);
      expect(n).to.equal(3);
      n = 0;
      A.aeCreateFileEvent(el, s, A.AE_WRITABLE, () => n++, null);
      expect(A.aeMain(el)).to.equal(false);
      expect(n).to.equal(A.AE_TURN_ITERATIONS);
      A.aeStop(el);
      expect(A.aeMain(el)).to.equal(true);
      expect(n).to.equal(A.AE_TURN_ITERATIONS);
    });
  });
}

describe('ae time events', () => {
  let world: SimWorld;
  let el: A.aeEventLoop;

  beforeEach(() => {
    world = new SimWorld(1);
    P.usePosix(world.host('10.0.0.1'));
    el = A.aeCreateEventLoop(100)!;
  });

  it('fire again after what they return, newest first, and stop with AE_NOMORE', () => {
    const seen: string[] = [];
    const proc = (_: A.aeEventLoop, id: number, data: unknown): number => {
      seen.push(`${String(data)}${id}@${world.now}`);
      return seen.length < 3 ? 10 : A.AE_NOMORE;
    };
    A.aeCreateTimeEvent(el, 5, proc, 'a', null);
    A.aeCreateTimeEvent(el, 5, proc, 'b', null);
    for (let i = 0; i < 5; i++) {
      world.advance(5000);
      A.processTimeEvents(el);
    }
    expect(seen).to.deep.equal(['b1@5000', 'a0@5000', 'b1@15000', 'a0@15000']);
  });

  it('deleted ones are finalized in the next pass and never fire', () => {
    const seen: string[] = [];
    const id = A.aeCreateTimeEvent(
      el,
      0,
      () => (seen.push('fired'), 1),
      'data',
      (l, data) => seen.push(`final ${String(data)} ${String(l === el)}`),
    );
    A.aeCreateTimeEvent(el, 0, () => A.AE_NOMORE, null, null);
    expect(A.aeDeleteTimeEvent(el, id)).to.equal(A.AE_OK);
    expect(A.aeDeleteTimeEvent(el, id)).to.equal(A.AE_ERR);
    expect(A.usUntilEarliestTimer(el)).to.equal(0);
    A.processTimeEvents(el);
    A.processTimeEvents(el);
    expect(seen).to.deep.equal(['final data true']);
    expect(el.timeEventHead).to.equal(null);
    expect(A.usUntilEarliestTimer(el)).to.equal(-1);
  });

  it('ones created by a timer wait for the next pass', () => {
    let n = 0;
    A.aeCreateTimeEvent(
      el,
      0,
      () => {
        A.aeCreateTimeEvent(el, 0, () => (n++, A.AE_NOMORE), null, null);
        return A.AE_NOMORE;
      },
      null,
      null,
    );
    expect(A.processTimeEvents(el)).to.equal(1);
    expect(n).to.equal(0);
    expect(A.processTimeEvents(el)).to.equal(1);
    expect(n).to.equal(1);
  });

  it('one that deletes itself and processes events is not unlinked under its feet', () => {
    const seen: string[] = [];
    A.aeCreateTimeEvent(
      el,
      0,
      (l, id) => {
        A.aeDeleteTimeEvent(l, id);
        A.processTimeEvents(l);
        seen.push(el.timeEventHead === null ? 'gone' : 'there');
        return A.AE_NOMORE;
      },
      null,
      () => seen.push('final'),
    );
    A.processTimeEvents(el);
    A.processTimeEvents(el);
    expect(seen).to.deep.equal(['there', 'final']);
  });
});

describe('ae backends', () => {
  it('are chosen by platform', () => {
    P.usePosix(new LibcKernel());
    const expected = process.platform === 'linux' ? 'epoll' : 'kqueue';
    expect(A.aeGetApiName()).to.equal(expected);
    expect(aeApiSelect.aeApiName()).to.equal('select');
    expect(aeApiKqueue.aeApiName()).to.equal('kqueue');
    const odd = Object.create(P.posix, { platform: { value: 'sunos' } }) as P.Posix;
    P.usePosix(odd);
    expect(A.aeGetApiName()).to.equal('select');
  });

  it('kqueue packs the masks of four descriptors into a byte', () => {
    const m = new Uint8Array(EVENT_MASK_MALLOC_SIZE(5));
    expect(m.length).to.equal(2);
    addEventMask(m, 3, A.AE_READABLE);
    addEventMask(m, 3, A.AE_WRITABLE);
    addEventMask(m, 4, A.AE_WRITABLE);
    expect([2, 3, 4].map((fd) => getEventMask(m, fd))).to.deep.equal([0, 3, 2]);
    resetEventMask(m, 3);
    expect([3, 4].map((fd) => getEventMask(m, fd))).to.deep.equal([0, 2]);
  });
});

describe('monotonic', () => {
  it('measures spans on the clock of the kernel', () => {
    const world = new SimWorld(1);
    P.usePosix(world.host('10.0.0.1'));
    expect(M.monotonicInit()).to.equal('POSIX clock_gettime');
    expect(M.monotonicInfoString()).to.equal('POSIX clock_gettime');
    expect(M.monotonicGetType()).to.equal(M.MONOTONIC_CLOCK_POSIX);
    const t = M.elapsedStart();
    world.advance(2500);
    expect(M.elapsedUs(t)).to.equal(2500);
    expect(M.elapsedMs(t)).to.equal(2);
    expect(M.getMonotonicUs()).to.equal(M.getMonotonicUs_posix());
  });
});
