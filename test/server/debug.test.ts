/** Tests of debug.ts on the built server: what DEBUG OBJECT shows, and the report that a panic leaves in the log. */
import { expect } from 'chai';
import { startServer, waitFor, withServer } from '../support/server.ts';
import { Keyspace } from './keyspace.ts';

describe('debug.ts, in a keyspace', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ks.server.enable_debug_cmd = 1;
    const commands = `
      RPUSH l a 1 -5 ${'b'.repeat(85)} 9223372036854775807
      SADD s 1 -2 300000000000
      SADD s2 a b 7
      ZADD z 1 a 2.5 b 1e300 c -inf d 0.1 12
      CONFIG SET zset-max-listpack-entries 1
      ZADD z2 1 a 2.5 b 1e300 c inf d 0.1 12
      HSET h f v g 12
      CONFIG SET hash-max-listpack-entries 1
      HSET h2 f v g 12
      XADD st 1-1 f v
      XADD st 1-2 f v2
      XADD st 18446744073709551615-5 other 12 another -7
      XGROUP CREATE st g 0
      SET str hello
      SET n 12345
      EXPIRE h2 100000`;
    for (const line of commands.trim().split('\n')) ks.run(...line.trim().split(' '));
  });

  it('digests values of every type and encoding as C does', () => {
    // What a Redis 7.0 replied after the same commands.
    expect(ks.run('DEBUG', 'DIGEST')).to.equal('+1b19e4985ec02f1fbcc1e022cd93545e585860d1\r\n');
    const digests: Record<string, string> = {
      l: '9cfcacac6f55db85c121414b6bb79df622d2f2b1',
      s: '00289e329e986b3e4938fcb965ffefd4b8844445',
      s2: '4db2915dc242371e719444ddc8b328e38ac18e1c',
      z: 'ab5aad0a7cae8a894a85782e46d605538ceb0c48',
      z2: '84be087d91905d7bff84009418e21d7ab405e6ff',
      h: '8530acc75d5274eb0fc0da86f28ed5533274a6d4',
      h2: '63b55238816b9ebfced6317eb7e41ac828dae757',
      st: 'ba2f20dcfa450836913e1f908a987ec38461105d',
      str: '36b23a1456b2dce2c3ed252c456761301dba8060',
      n: 'e1cf90774e995ae03de66e8109dc5cb9d9c2dc83',
      none: '0000000000000000000000000000000000000000',
    };
    for (const key of Object.keys(digests)) {
      const reply = ks.run('DEBUG', 'DIGEST-VALUE', key);
      expect(reply, key).to.equal(`*1\r\n+${digests[key]}\r\n`);
    }
  });

  it('digests a list and a sorted set alike in any encoding', () => {
    const digest = (key: string): string => ks.run('DEBUG', 'DIGEST-VALUE', key);
    ks.run('CONFIG', 'SET', 'zset-max-listpack-entries', '100');
    ks.run('ZUNIONSTORE', 'z3', '1', 'z2');
    expect(ks.run('OBJECT', 'ENCODING', 'z3')).to.equal('$8\r\nlistpack\r\n');
    expect(digest('z3')).to.equal(digest('z2'));
    ks.run('CONFIG', 'SET', 'list-max-listpack-size', '2', 'list-compress-depth', '1');
    ks.run('COPY', 'l', 'l2');
    expect(digest('l2')).to.equal(digest('l'));
  });

  it('OBJECT tells of a list how many nodes it has and how full they are', () => {
    expect(ks.run('DEBUG', 'OBJECT', 'l')).to.match(
      / ql_nodes:1 ql_avg_node:5.00 ql_listpack_max:-2 ql_compressed:0 ql_uncompressed_size:113\r\n$/,
    );
    expect(ks.run('DEBUG', 'OBJECT', 'h')).not.to.contain('ql_');
  });

  it('HTSTATS shows the tables of a database, if there is such a database', () => {
    expect(ks.run('DEBUG', 'HTSTATS', '0')).to.match(
      /^\$\d+\r\n\[Dictionary HT\]\nHash table 0 stats \(main hash table\):\n/,
    );
    expect(ks.run('DEBUG', 'HTSTATS', '1')).to.contain('[Expires HT]\nNo stats available');
    expect(ks.run('DEBUG', 'HTSTATS', '16')).to.equal('-ERR Out of range database\r\n');
    expect(ks.run('DEBUG', 'HTSTATS', 'x')).to.match(/^-ERR value is not an integer/);
  });

  it('SDSLEN shows lengths and spare room of the bytes of key and value', () => {
    ks.run('APPEND', 'str', ' world');
    expect(ks.run('DEBUG', 'SDSLEN', 'str')).to.match(
      /^\+key_sds_len:3, key_sds_avail:0, key_zmalloc: \d+, val_sds_len:11, val_sds_avail:\d+, val_zmalloc: \d+\r\n$/,
    );
    expect(ks.run('DEBUG', 'SDSLEN', 'l')).to.equal('-ERR Not an sds encoded string.\r\n');
    expect(ks.run('DEBUG', 'SDSLEN', 'n')).to.equal('-ERR Not an sds encoded string.\r\n');
    expect(ks.run('DEBUG', 'SDSLEN', 'none')).to.equal('-ERR no such key\r\n');
  });

  it('POPULATE makes keys that are not there, of a length', () => {
    expect(ks.run('DEBUG', 'POPULATE', '3')).to.equal('+OK\r\n');
    expect(ks.run('GET', 'key:2')).to.equal('$7\r\nvalue:2\r\n');
    ks.run('SET', 'p:0', 'mine');
    expect(ks.run('DEBUG', 'POPULATE', '2', 'p', '10')).to.equal('+OK\r\n');
    expect(ks.run('MGET', 'p:0', 'p:1')).to.equal('*2\r\n$4\r\nmine\r\n$10\r\nvalue:1\0\0\0\r\n');
    expect(ks.run('DEBUG', 'POPULATE', '-1')).to.match(/^-ERR value is out of range/);
    expect(ks.run('DEBUG', 'POPULATE', '1', 'p', 'x')).to.match(
      /^-ERR value is out of range|not an/,
    );
  });

  it('PROTOCOL replies one of each kind, in either version', () => {
    const kinds = 'string integer double bignum null array set map attrib push verbatim true false';
    const replies = (): string[] =>
      kinds.split(' ').map((kind) => ks.run('DEBUG', 'PROTOCOL', kind));
    const real = (about: string): string => `$${about.length}\r\n${about}\r\n`;
    expect(replies()).to.deep.equal([
      '$11\r\nHello World\r\n',
      ':12345\r\n',
      '$5\r\n3.141\r\n',
      '$37\r\n1234567999999999999999999999999999999\r\n',
      '$-1\r\n',
      '*3\r\n:0\r\n:1\r\n:2\r\n',
      '*3\r\n:0\r\n:1\r\n:2\r\n',
      '*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n',
      real('Some real reply following the attribute'),
      '-ERR RESP2 is not supported by this command\r\n',
      '$25\r\nThis is a verbatim\nstring\r\n',
      ':1\r\n',
      ':0\r\n',
    ]);
    ks.run('HELLO', '3');
    ks.client.flags_hi = 0;
    expect(replies().slice(2)).to.deep.equal([
      ',3.141\r\n',
      '(1234567999999999999999999999999999999\r\n',
      '_\r\n',
      '*3\r\n:0\r\n:1\r\n:2\r\n',
      '~3\r\n:0\r\n:1\r\n:2\r\n',
      '%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n',
      `|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n` +
        real('Some real reply following the attribute'),
      `>2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n` + real('Some real reply following the push reply'),
      '=29\r\ntxt:This is a verbatim\nstring\r\n',
      '#t\r\n',
      '#f\r\n',
    ]);
    expect(ks.run('DEBUG', 'PROTOCOL', 'bogus')).to.match(/^-ERR Wrong protocol type name/);
  });

  it('turns switches of the server', () => {
    const { server } = ks;
    expect(ks.run('DEBUG', 'SET-ACTIVE-EXPIRE', '0')).to.equal('+OK\r\n');
    expect(server.active_expire_enabled).to.equal(0);
    expect(ks.run('DEBUG', 'PAUSE-CRON', '1')).to.equal('+OK\r\n');
    expect(server.pause_cron).to.equal(1);
    for (const [value, ms] of [
      ['never', -1],
      ['reset', 5000],
      ['77', 77],
    ] as const) {
      expect(ks.run('DEBUG', 'REPLYBUFFER', 'PEAK-RESET-TIME', value)).to.equal('+OK\r\n');
      expect(server.reply_buffer_peak_reset_time).to.equal(ms);
    }
    expect(ks.run('DEBUG', 'REPLYBUFFER', 'PEAK-RESET-TIME', 'x')).to.match(
      /^-ERR value is not an/,
    );
    expect(ks.run('DEBUG', 'REPLYBUFFER', 'RESIZING', '0')).to.equal('+OK\r\n');
    expect(server.reply_buffer_resizing_enabled).to.equal(0);
    expect(ks.run('DEBUG', 'REPLYBUFFER', 'BOGUS', '0')).to.match(/^-ERR unknown subcommand/);
    expect(ks.run('DEBUG', 'BOGUS')).to.match(/^-ERR unknown subcommand/);
  });

  it('explains itself, replies any error, sleeps, and knows the sizes of structs', () => {
    expect(ks.run('DEBUG', 'HELP')).to.match(/^\*\d+\r\n\+DEBUG <subcommand>/);
    expect(ks.run('DEBUG', 'ERROR', 'MY error\nin two lines')).to.equal(
      '-MY error in two lines\r\n',
    );
    const before = ks.world.now;
    expect(ks.run('DEBUG', 'SLEEP', '0.25')).to.equal('+OK\r\n');
    expect(ks.world.now - before).to.be.at.least(250000);
    expect(ks.run('DEBUG', 'STRUCTSIZE')).to.contain('bits:64 robj:16 dictentry:24 ');
    expect(ks.run('DEBUG', 'LOG', 'message')).to.equal('+OK\r\n');
    expect(ks.run('DEBUG', 'CLIENT-EVICTION')).to.contain(
      'bucket          0 -      32767: tot-mem:',
    );
    expect(ks.run('DEBUG', 'CONFIG-REWRITE-FORCE-ALL')).to.match(
      /^-ERR CONFIG-REWRITE-FORCE-ALL failed: /,
    );
  });

  it('HTSTATS-KEY shows the hash table of a value, if it has one', () => {
    for (const key of ['s2', 'z2', 'h2']) {
      expect(ks.run('DEBUG', 'HTSTATS-KEY', key), key).to.contain('table size: 4\n');
    }
    for (const key of ['l', 's', 'z', 'h', 'st', 'str']) {
      expect(ks.run('DEBUG', 'HTSTATS-KEY', key), key).to.equal(
        '-ERR The value stored at the specified key is not represented using an hash table\r\n',
      );
    }
  });
});

describe('debug.ts', function () {
  this.timeout(20000);

  it('shows of an object what it has: a number for its address, refcount, encoding, age; no length of a dump', () =>
    withServer({}, async (server) => {
      const c = await server.connect();
      await c.text('SET', 'k', '7');
      expect(await c.text('DEBUG', 'OBJECT', 'k')).to.match(
        /^Value at:0x[0-9a-f]+ refcount:2147483647 encoding:int lru:\d+ lru_seconds_idle:\d+$/,
      );
      // What is changed in its place stays the object that it was.
      const at = async (key: string): Promise<string | undefined> =>
        (await c.text('DEBUG', 'OBJECT', key)).split(' ')[1];
      await c.text('SET', 'counter', '20000');
      await c.value('INCR', 'counter');
      const before = await at('counter');
      await c.value('INCR', 'counter');
      expect(await at('counter')).to.equal(before);
      expect(await at('k')).to.not.equal(before);
      expect((await c.command('DEBUG', 'OBJECT', 'none')).raw).to.equal('-ERR no such key\r\n');
    }));

  it('ends a panic with a report headed as C heads it, and does not serve on', async () => {
    const server = await startServer();
    const c = await server.connect();
    c.send('*2\r\n$5\r\nDEBUG\r\n$5\r\nPANIC\r\n');
    await waitFor(
      'the server to end',
      () => server.process.exitCode !== null || server.process.signalCode !== null,
    );
    const log = server.log();
    for (const part of [
      '=== REDIS BUG REPORT START: Cut & paste starting from here ===',
      'Guru Meditation: DEBUG PANIC called at Unix time',
      '------ STACK TRACE ------',
      'at debugCommand',
      '------ INFO OUTPUT ------',
      '------ CURRENT CLIENT INFO ------',
      'argv[1]: \'"PANIC"\'',
      '=== REDIS BUG REPORT END. Make sure to include from START to END. ===',
    ]) {
      expect(log).to.contain(part);
    }
    expect(server.process.signalCode).to.equal('SIGABRT');
    await server.stop();
  });
});
