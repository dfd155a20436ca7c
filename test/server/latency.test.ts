import { expect } from 'chai';
import { dictFetchValue } from '../../object/dict.ts';
import { ledger } from '../../object/zmalloc.ts';
import { O_CREAT, O_WRONLY } from '../../posix/posix.ts';
import {
  LATENCY_TS_LEN,
  THPGetAnonHugePagesSize,
  analyzeLatencyForEvent,
  createLatencyReport,
  latencyAddSample,
  latencyAddSampleIfNeeded,
  latencyEndMonitor,
  latencyRemoveNestedEvent,
  latencyResetEvent,
  latencyStartMonitor,
  latencyStats,
  type latencyTimeSeries,
} from '../../server/latency.ts';
import { AOF_FSYNC_ALWAYS, AOF_FSYNC_EVERYSEC } from '../../server/server.h.ts';
import { Keyspace } from './keyspace.ts';

describe('latency.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ks.server.latency_monitor_threshold = 10;
  });

  /** The time as the simulated machine has it, seconds. */
  function now(): number {
    return Math.floor(ks.kernel.gettimeofday() / 1000000);
  }

  function series(event: string): latencyTimeSeries {
    const ts = dictFetchValue(ks.server.latency_events, event);
    if (ts === null) throw new Error(`no event ${event}`);
    return ts;
  }

  /** The payload of a bulk string reply. */
  function bulk(reply: string): string {
    expect(reply).to.match(/^\$\d+\r\n[^]*\r\n$/);
    return reply.slice(reply.indexOf('\n') + 1, -2);
  }

  describe('the monitor', () => {
    it('measures between start and end, and takes nested events out', () => {
      const outer = latencyStartMonitor();
      ks.wait(30);
      const inner = latencyStartMonitor();
      ks.wait(12);
      const nested = latencyEndMonitor(inner);
      expect(nested).to.equal(12);
      expect(latencyEndMonitor(latencyRemoveNestedEvent(outer, nested))).to.equal(30);
    });

    it('does not look at the clock while it is off', () => {
      ks.server.latency_monitor_threshold = 0;
      const start = latencyStartMonitor();
      ks.wait(30);
      expect(start).to.equal(0);
      expect(latencyEndMonitor(start)).to.equal(0);
      latencyAddSampleIfNeeded('command', 1000);
      expect(ks.run('LATENCY', 'LATEST')).to.equal('*0\r\n');
    });

    it('records from the threshold on', () => {
      latencyAddSampleIfNeeded('command', 9);
      expect(ks.run('LATENCY', 'HISTORY', 'command')).to.equal('*0\r\n');
      latencyAddSampleIfNeeded('command', 10);
      expect(ks.run('LATENCY', 'HISTORY', 'command')).to.equal(`*1\r\n*2\r\n:${now()}\r\n:10\r\n`);
    });

    it('keeps the worst of each second', () => {
      latencyAddSample('fork', 20);
      latencyAddSample('fork', 50);
      latencyAddSample('fork', 30);
      const first = now();
      ks.wait(1000);
      latencyAddSample('fork', 40);
      expect(ks.run('LATENCY', 'HISTORY', 'fork')).to.equal(
        `*2\r\n*2\r\n:${first}\r\n:50\r\n*2\r\n:${first + 1}\r\n:40\r\n`,
      );
      expect(series('fork').max).to.equal(50);
    });

    it('forgets the oldest second when the ring is full, but not the worst', () => {
      for (let i = 0; i <= LATENCY_TS_LEN; i++) {
        latencyAddSample('fork', 1000 - i);
        ks.wait(1000);
      }
      const history = ks.run('LATENCY', 'HISTORY', 'fork');
      expect(history.startsWith(`*${LATENCY_TS_LEN}\r\n`)).to.equal(true);
      expect(history).to.not.contain(':1000\r\n');
      expect(history.indexOf(':999\r\n')).to.be.lessThan(history.indexOf(':998\r\n'));
      expect(series('fork').max).to.equal(1000);
      expect(series('fork').idx).to.equal(1);
    });

    it('keeps 32 bits of a latency', () => {
      latencyAddSample('fork', 2 ** 32 + 5);
      expect(series('fork').max).to.equal(5);
    });

    it('gives back the memory of what it forgets', () => {
      latencyAddSample('a', 10);
      latencyResetEvent(null);
      const before = ledger.used;
      latencyAddSample('event', 10);
      expect(ledger.used - before).to.be.at.least(LATENCY_TS_LEN * 8);
      expect(latencyResetEvent('EVENT')).to.equal(1);
      expect(ledger.used).to.equal(before);
    });
  });

  describe('analyzeLatencyForEvent', () => {
    it('finds average, extremes, deviation and period, without fractions', () => {
      for (const ms of [10, 20, 33]) {
        latencyAddSample('fork', ms);
        ks.wait(2000);
      }
      const ls = new latencyStats();
      analyzeLatencyForEvent('fork', ls);
      expect({ ...ls }).to.deep.equal({
        all_time_high: 33,
        avg: 21,
        min: 10,
        max: 33,
        mad: 8,
        samples: 3,
        period: 6,
      });
    });

    it('has a period of one second at least, and zeros for an unknown event', () => {
      latencyAddSample('fork', 10);
      const ls = new latencyStats();
      analyzeLatencyForEvent('fork', ls);
      expect(ls.period).to.equal(1);
      analyzeLatencyForEvent('none', ls);
      expect({ ...ls }).to.deep.equal({ ...new latencyStats() });
    });
  });

  describe('the doctor', () => {
    it('says that it is off when it was never on', () => {
      ks.server.latency_monitor_threshold = 0;
      expect(createLatencyReport()).to.match(/^I'm sorry, Dave, I can't do that\. .*CONFIG SET/);
    });

    it('is content when nothing happened', () => {
      expect(createLatencyReport()).to.match(/^Dave, no latency spike was observed/);
    });

    it('lists each event with its figures in the words of C', () => {
      latencyAddSample('unlink', 20);
      ks.wait(1000);
      const report = createLatencyReport();
      expect(report).to.match(/^Dave, I have observed latency spikes in this Redis instance\. /);
      expect(report).to.contain(
        '\n\n1. unlink: 1 latency spikes (average 20ms, mean deviation 0ms, period 1.00 sec). Worst all time event 20ms.\n',
      );
      expect(report).to.contain("\nWhile there are latency events logged, I'm not able to");
    });

    it('judges how fast memory is copied by a fork', () => {
      latencyAddSample('fork', 20);
      for (const [rate, text, advice] of [
        [9, '9.00 GB/sec (terrible)', true],
        [24.5, '24.50 GB/sec (poor)', true],
        [99, '99.00 GB/sec (good)', false],
        [100, '100.00 GB/sec (excellent)', false],
      ] as const) {
        ks.server.stat_fork_rate = rate;
        const report = createLatencyReport();
        expect(report).to.contain(` Fork rate is ${text}.\n`);
        expect(report.includes('I have a few advices for you:')).to.equal(advice);
      }
    });

    it('looks whether the slow log would name a slow command', () => {
      latencyAddSample('command', 20);
      ks.server.slowlog_log_slower_than = -1;
      expect(createLatencyReport()).to.contain("'CONFIG SET slowlog-log-slower-than 10000'");
      ks.server.slowlog_log_slower_than = 11000;
      expect(createLatencyReport()).to.contain("'CONFIG SET slowlog-log-slower-than 10000'");
      ks.server.slowlog_log_slower_than = 10999;
      const report = createLatencyReport();
      expect(report).to.not.contain('slowlog-log-slower-than');
      expect(report).to.contain('https://redis.io/commands/slowlog');
    });

    it('has advice for every kind of event', () => {
      ks.server.aof_fsync = AOF_FSYNC_ALWAYS;
      ks.server.hz = 10;
      const advice: [string, RegExp[]][] = [
        ['fast-command', [/--intrinsic-latency 100/, / {2}5\) /]],
        ['aof-write-pending-fsync', [/local disk/, /SSD/, /data=writeback/, /compete/]],
        ['aof-write-active-child', [/no-appendfsync-on-rewrite/, /SSD/, /data=writeback/]],
        ['aof-write-alone', [/local disk/, /SSD/, /data=writeback/]],
        ['aof-fsync-always', [/'everysec'/]],
        ['aof-fstat', [/compete/, /local disk/]],
        ['rdb-unlink-temp-file', [/compete/, /local disk/]],
        ['aof-rewrite-diff-write', [/AOF rewrite/, /SSD/]],
        ['aof-rename', [/AOF rewrite/, /SSD/]],
        ['expire-cycle', [/CONFIG SET hz 100/, /large value/]],
        ['eviction-del', [/large value/]],
        ['eviction-cycle', [/'maxmemory'/]],
      ];
      for (const [event, patterns] of advice) {
        latencyResetEvent(null);
        latencyAddSample(event, 20);
        const report = createLatencyReport();
        expect(report).to.contain('\nI have a few advices for you:\n\n- ');
        for (const pattern of patterns) expect(report).to.match(pattern);
      }
    });

    it('gives no advice that the configuration has followed', () => {
      latencyAddSample('aof-fsync-always', 20);
      latencyAddSample('expire-cycle', 20);
      ks.server.aof_fsync = AOF_FSYNC_EVERYSEC;
      ks.server.hz = 100;
      const report = createLatencyReport();
      expect(report).to.not.contain('everysec');
      expect(report).to.not.contain('CONFIG SET hz');
    });

    it('warns of huge pages even when no event was seen', () => {
      expect(THPGetAnonHugePagesSize()).to.equal(0);
      ks.kernel.mkdir('/proc', 0o755);
      ks.kernel.mkdir('/proc/self', 0o755);
      const fd = ks.kernel.open('/proc/self/smaps', O_WRONLY | O_CREAT, 0o644);
      const smaps = Buffer.from('Rss: 8 kB\nAnonHugePages:      2048 kB\nAnonHugePages: 4 kB\n');
      ks.kernel.write(fd, smaps, 0, smaps.length);
      ks.kernel.close(fd);
      expect(THPGetAnonHugePagesSize()).to.equal(2052 * 1024);
      expect(createLatencyReport()).to.contain('/sys/kernel/mm/transparent_hugepage/enabled');
    });
  });

  describe('LATENCY', () => {
    it('LATEST shows the last sample and the worst of each event', () => {
      latencyAddSample('fork', 50);
      ks.wait(1000);
      latencyAddSample('fork', 20);
      expect(ks.run('LATENCY', 'LATEST')).to.equal(
        `*1\r\n*4\r\n$4\r\nfork\r\n:${now()}\r\n:20\r\n:50\r\n`,
      );
    });

    it('RESET counts the events that it forgets', () => {
      for (const event of ['a', 'b', 'c', 'd']) latencyAddSample(event, 20);
      expect(ks.run('LATENCY', 'RESET', 'A', 'x', 'b')).to.equal(':2\r\n');
      expect(ks.run('LATENCY', 'RESET')).to.equal(':2\r\n');
      expect(ks.run('LATENCY', 'RESET')).to.equal(':0\r\n');
    });

    it('GRAPH draws the samples with their ages', () => {
      latencyAddSample('command', 30);
      ks.wait(86400000 * 2);
      latencyAddSample('command', 20);
      ks.wait(3600000 * 3);
      latencyAddSample('command', 40);
      ks.wait(60000 * 5);
      latencyAddSample('command', 10);
      ks.wait(7000);
      expect(bulk(ks.run('LATENCY', 'GRAPH', 'command'))).to.equal(
        [
          'command - high 40 ms, low 10 ms (all time high 40 ms)',
          '-'.repeat(80),
          '  # ',
          '# | ',
          '|o| ',
          '|||_',
          '    ',
          '2357',
          'dhms',
          '',
        ].join('\n'),
      );
      expect(ks.run('LATENCY', 'GRAPH', 'none')).to.equal(
        "-ERR No samples available for event 'none'\r\n",
      );
    });

    it('DOCTOR replies with the report', () => {
      expect(bulk(ks.run('LATENCY', 'DOCTOR'))).to.match(/^Dave, /);
      ks.client.resp = 3;
      expect(ks.run('LATENCY', 'DOCTOR')).to.match(/^=\d+\r\ntxt:Dave, /);
    });

    it('HISTOGRAM shows the commands that were executed, and those asked for', () => {
      ks.run('CONFIG', 'RESETSTAT');
      ks.run('SET', 'a', 'b');
      ks.run('SET', 'c', 'd');
      ks.run('GET', 'a');
      const all = ks.run('LATENCY', 'HISTOGRAM');
      expect(all).to.match(/^\*6\r\n/);
      expect(all).to.contain('$3\r\nset\r\n*4\r\n$5\r\ncalls\r\n:2\r\n$14\r\nhistogram_usec\r\n*');
      expect(all).to.contain('$16\r\nconfig|resetstat\r\n*4\r\n$5\r\ncalls\r\n:1\r\n');
      expect(ks.run('LATENCY', 'HISTOGRAM', 'get', 'blabla', 'zadd')).to.match(
        /^\*2\r\n\$3\r\nget\r\n\*4\r\n\$5\r\ncalls\r\n:1\r\n/,
      );
      expect(ks.run('LATENCY', 'HISTOGRAM', 'config')).to.match(
        /^\*2\r\n\$16\r\nconfig\|resetstat\r\n/,
      );
      expect(ks.run('LATENCY', 'HISTOGRAM', 'config|resetstat')).to.match(/^\*2\r\n/);
      expect(ks.run('LATENCY', 'HISTOGRAM', 'blabla')).to.equal('*0\r\n');
    });

    it('refuses what it does not know', () => {
      expect(ks.run('LATENCY', 'HISTORY')).to.match(/^-ERR wrong number of arguments/);
      expect(ks.run('LATENCY', 'NOPE')).to.match(/^-ERR unknown subcommand 'NOPE'/);
      expect(ks.run('LATENCY', 'HELP')).to.match(/^\*\d+\r\n\+LATENCY <subcommand> /);
    });
  });
});
