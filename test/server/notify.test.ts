import { expect } from 'chai';
import { keyspaceEventsFlagsToString, keyspaceEventsStringToFlags } from '../../server/notify.ts';
import { NOTIFY_ALL, NOTIFY_KEYEVENT, NOTIFY_KEYSPACE } from '../../server/server.h.ts';
import type { client } from '../../server/server.h.ts';
import { Keyspace } from './keyspace.ts';

describe('notify.ts', () => {
  it('reads the letters of the setting, and refuses others', () => {
    expect(keyspaceEventsStringToFlags('KEA')).to.equal(
      NOTIFY_KEYSPACE | NOTIFY_KEYEVENT | NOTIFY_ALL,
    );
    expect(keyspaceEventsStringToFlags('')).to.equal(0);
    expect(keyspaceEventsStringToFlags('Kq')).to.equal(-1);
  });

  it('writes them in one order, all but the odd ones as A', () => {
    const again = (s: string): string =>
      keyspaceEventsFlagsToString(keyspaceEventsStringToFlags(s));
    expect(again('mEKdtexzhsl$g')).to.equal('AKEm');
    expect(again('xeE$')).to.equal('$xeE');
    expect(again('gnK')).to.equal('gnK');
    // The n class is no part of A, yet A hides it.
    expect(again('An')).to.equal('A');
  });

  describe('the events', () => {
    let ks: Keyspace;
    let subscriber: client;

    beforeEach(() => {
      ks = new Keyspace();
      subscriber = ks.newClient();
      ks.runAs(subscriber, 'PSUBSCRIBE', '__key*');
    });

    /** Runs a command, and returns the channels and messages that the subscriber got. */
    function events(...args: string[]): string[] {
      ks.run(...args);
      const got = ks.taken(subscriber);
      return [...got.matchAll(/__key\*\r\n\$\d+\r\n(.*?)\r\n\$\d+\r\n(.*?)\r\n/gs)].map(
        (m) => `${m[1]} ${m[2]}`,
      );
    }

    it('come for the classes that were asked for', () => {
      expect(events('SET', 'foo', 'bar')).to.deep.equal([]);
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'K$');
      expect(events('SET', 'foo', 'bar', 'EX', '10')).to.deep.equal(['__keyspace@0__:foo set']);
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'Eg');
      expect(events('SET', 'foo', 'bar', 'EX', '10')).to.deep.equal(['__keyevent@0__:expire foo']);
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'KEA');
      expect(events('DEL', 'foo')).to.deep.equal([
        '__keyspace@0__:foo del',
        '__keyevent@0__:del foo',
      ]);
    });

    it('tell of misses, new keys and ends', () => {
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'Emnx');
      expect(events('GET', 'foo')).to.deep.equal(['__keyevent@0__:keymiss foo']);
      expect(events('SET', 'foo', 'bar', 'PX', '10')).to.deep.equal(['__keyevent@0__:new foo']);
      ks.wait(20);
      expect(events('EXISTS', 'foo')).to.deep.equal([
        '__keyevent@0__:expired foo',
        '__keyevent@0__:keymiss foo',
      ]);
    });

    it('name the database and both keys of a move', () => {
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'Eg');
      ks.run('SET', 'a', '1');
      expect(events('RENAME', 'a', 'b')).to.deep.equal([
        '__keyevent@0__:rename_from a',
        '__keyevent@0__:rename_to b',
      ]);
      expect(events('MOVE', 'b', '3')).to.deep.equal([
        '__keyevent@0__:move_from b',
        '__keyevent@3__:move_to b',
      ]);
    });
  });
});
