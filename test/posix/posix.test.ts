/**
 * What every kernel shares: texts of errors, descriptor sets, status words.
 */
import { expect } from 'chai';
import * as P from '../../posix/posix.ts';

describe('posix', () => {
  it('strerror gives the texts of glibc', () => {
    expect(P.strerror(0)).to.equal('Success');
    expect(P.strerror(P.EAGAIN)).to.equal('Resource temporarily unavailable');
    expect(P.strerror(P.ECONNREFUSED)).to.equal('Connection refused');
    expect(P.strerror(P.EADDRINUSE)).to.equal('Address already in use');
    expect(P.strerror(P.EINPROGRESS)).to.equal('Operation now in progress');
    expect(P.strerror(P.EHOSTUNREACH)).to.equal('No route to host');
    expect(P.strerror(41)).to.equal('Unknown error 41');
    expect(P.strerror(9999)).to.equal('Unknown error 9999');
  });

  it('gai_strerror gives the texts of glibc', () => {
    expect(P.gai_strerror(P.EAI_NONAME)).to.equal('Name or service not known');
    expect(P.gai_strerror(P.EAI_AGAIN)).to.equal('Temporary failure in name resolution');
    expect(P.gai_strerror(-77)).to.equal('Unknown error');
  });

  it('an fd_set holds each descriptor by itself, up to the last one', () => {
    const set = new P.fd_set();
    for (const fd of [0, 31, 32, 1023]) P.FD_SET(fd, set);
    for (const fd of [0, 31, 32, 1023]) expect(P.FD_ISSET(fd, set), String(fd)).to.equal(true);
    for (const fd of [1, 30, 33, 1022]) expect(P.FD_ISSET(fd, set), String(fd)).to.equal(false);
    P.FD_CLR(31, set);
    expect(P.FD_ISSET(31, set)).to.equal(false);
    const copy = new P.fd_set();
    P.FD_COPY(set, copy);
    P.FD_ZERO(set);
    expect(P.FD_ISSET(1023, copy)).to.equal(true);
    expect(P.FD_ISSET(1023, set)).to.equal(false);
  });

  it('a wait status tells an exit from a signal', () => {
    expect(P.WIFEXITED(3 << 8)).to.equal(true);
    expect(P.WEXITSTATUS(3 << 8)).to.equal(3);
    expect(P.WIFSIGNALED(9)).to.equal(true);
    expect(P.WTERMSIG(9)).to.equal(P.SIGKILL);
    expect(P.WIFSIGNALED(0)).to.equal(false);
  });
});
