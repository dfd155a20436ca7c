/**
 * The bridge: an event loop that borrows its turns from libuv, or from a simulated world.
 */
import { expect } from 'chai';
import { Session, type Runtime } from 'node:inspector';
import * as A from '../../ae/ae.ts';
import { aeApiEpoll } from '../../ae/ae_epoll.ts';
import { aeApiSelect } from '../../ae/ae_select.ts';
import { aeRun } from '../../ae/ae_uv.ts';
import * as P from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { SimWorld } from '../../posix/posix_sim.ts';

for (const [name, api] of [
  ['epoll', aeApiEpoll],
  ['select', aeApiSelect],
] as const) {
  describe(`aeRun with ${name} on libuv`, () => {
    let el: A.aeEventLoop;
    let fds: number[];
    beforeEach(() => {
      P.usePosix(new LibcKernel());
      el = A.aeCreateEventLoop(1000, api)!;
      fds = [];
      P.posix.pipe2(fds, P.O_NONBLOCK);
    });
    afterEach(() => {
      A.aeDeleteEventLoop(el);
      for (const fd of fds) P.posix.close(fd);
    });

    it('wakes for a descriptor, with nothing but aeMain below the event, and ends when stopped', (done) => {
      let current = 0;
      let stack = '';
      el.makeCurrent = () => current++;
      A.aeCreateFileEvent(
        el,
        fds[0],
        A.AE_READABLE,
        function command() {
          stack = new Error().stack!;
          A.aeStop(el);
        },
        null,
      );
      aeRun(el, 0, () => {
        expect(current).to.be.greaterThan(0);
        const frames = stack
          .split('\n')
          .slice(1, 4)
          .map((l) => /at (\w+)/.exec(l)![1]);
        expect(frames).to.deep.equal(['command', 'aeProcessEvents', 'aeMain']);
        done();
      });
      setImmediate(() => P.posix.write(fds[1], Buffer.from('x'), 0, 1));
    });

    it('wakes for a timer, again and again', (done) => {
      let n = 0;
      A.aeCreateTimeEvent(
        el,
        1,
        () => {
          if (++n === 3) A.aeStop(el);
          return 1;
        },
        null,
        null,
      );
      aeRun(el, 1000, () => {
        expect(n).to.equal(3);
        done();
      });
    });

    it('an exception in a turn is an uncaughtException, and the loop goes on', (done) => {
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      const seen: string[] = [];
      process.once('uncaughtException', (e) => {
        for (const l of others) process.on('uncaughtException', l);
        seen.push(e.message);
      });
      let n = 0;
      A.aeCreateTimeEvent(
        el,
        1,
        () => {
          if (++n === 1) {
            throw new Error('from a timer');
          }
          A.aeStop(el);
          return A.AE_NOMORE;
        },
        null,
        null,
      );
      aeRun(el, 0, () => {
        expect(seen).to.deep.equal(['from a timer']);
        done();
      });
    });

    it('lets libuv in while it has work all the time', (done) => {
      let n = 0;
      A.aeCreateFileEvent(el, fds[1], A.AE_WRITABLE, () => n++, null);
      aeRun(el, 0, () => {
        expect(n).to.be.greaterThan(A.AE_TURN_ITERATIONS);
        done();
      });
      setTimeout(() => A.aeStop(el), 5);
    });
  });
}

describe('aeRun under an inspector', () => {
  it('shows the function that started the loop as the async parent of a turn', function (done) {
    if (!('createTask' in console)) this.skip();
    const session = new Session();
    session.connect();
    session.post('Runtime.enable');
    session.post('Debugger.enable');
    session.post('Debugger.setAsyncCallStackDepth', { maxDepth: 8 });
    P.usePosix(new LibcKernel());
    const el = A.aeCreateEventLoop(100)!;
    const names: string[] = [];
    session.on('Runtime.consoleAPICalled', (m) => {
      const add = (stack: Runtime.StackTrace): void => {
        names.push(`-- ${stack.description ?? ''}`, ...stack.callFrames.map((f) => f.functionName));
        if (stack.parent) add(stack.parent);
        if (stack.parentId) {
          session.post('Debugger.getStackTrace', { stackTraceId: stack.parentId }, (e, r) => {
            if (e === null) add(r.stackTrace);
          });
        }
      };
      if (m.params.stackTrace) add(m.params.stackTrace);
    });
    A.aeCreateTimeEvent(
      el,
      1,
      function serverCron() {
        // Any message carries its stack to the inspector; the reader of the test report sees an empty line.
        console.debug('');
        A.aeStop(el);
        return A.AE_NOMORE;
      },
      null,
      null,
    );
    function startServer(): void {
      aeRun(el, 0, () => {
        session.disconnect();
        A.aeDeleteEventLoop(el);
        const from = names.indexOf('serverCron');
        expect(names.slice(from, from + 4)).to.deep.equal([
          'serverCron',
          'processTimeEvents',
          'aeProcessEvents',
          'aeMain',
        ]);
        const parent = names.indexOf('-- main');
        expect(parent).to.be.greaterThan(from);
        expect(names.slice(parent)).to.include('startServer');
        done();
      });
    }
    startServer();
  });
});

describe('aeRun in a simulated world', () => {
  it('two loops on two hosts talk, each with its own kernel as the current one', () => {
    const world = new SimWorld(7);
    const a = world.host('10.0.0.1');
    const b = world.host('10.0.0.2');
    const log: string[] = [];
    const addr = new P.sockaddr();
    addr.sa_family = P.AF_INET;
    addr.address = '10.0.0.1';
    addr.port = 6379;

    P.usePosix(a);
    const ela = A.aeCreateEventLoop(100)!;
    const l = a.socket(P.AF_INET, P.SOCK_STREAM | P.SOCK_NONBLOCK, 0);
    a.bind(l, addr);
    a.listen(l, 10);
    const buf = new Uint8Array(100);
    A.aeCreateFileEvent(
      ela,
      l,
      A.AE_READABLE,
      () => {
        const peer = new P.sockaddr();
        const c = P.posix.accept4(l, peer, P.SOCK_NONBLOCK);
        log.push(`accept ${peer.address}`);
        A.aeCreateFileEvent(
          ela,
          c,
          A.AE_READABLE,
          () => {
            expect(P.posix).to.equal(a);
            const n = P.posix.read(c, buf, 0, 100);
            P.posix.write(c, buf, 0, n);
          },
          null,
        );
      },
      null,
    );
    aeRun(ela);

    P.usePosix(b);
    const elb = A.aeCreateEventLoop(100)!;
    const s = b.socket(P.AF_INET, P.SOCK_STREAM | P.SOCK_NONBLOCK, 0);
    expect(b.connect(s, addr)).to.equal(-1);
    expect(b.errno).to.equal(P.EINPROGRESS);
    A.aeCreateFileEvent(
      elb,
      s,
      A.AE_WRITABLE,
      () => {
        A.aeDeleteFileEvent(elb, s, A.AE_WRITABLE);
        P.posix.write(s, new Uint8Array([1, 2, 3]), 0, 3);
      },
      null,
    );
    A.aeCreateFileEvent(
      elb,
      s,
      A.AE_READABLE,
      () => {
        expect(P.posix).to.equal(b);
        log.push(`got ${P.posix.read(s, buf, 0, 100)}`);
      },
      null,
    );
    let ticks = 0;
    A.aeCreateTimeEvent(elb, 100, () => (ticks++, 100), null, null);
    aeRun(elb);

    world.advance(1_000_050);
    expect(log).to.deep.equal(['accept 10.0.0.2', 'got 3']);
    expect(ticks).to.be.within(9, 10);
  });
});
